import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { slicesOf } from '../../../jobs/csv/file-index.ts'
import { csv } from '../../../jobs/csv/index.ts'
import type { TaskState } from '../../../jobs/csv/output.ts'
import { decodeState, encodeState, TOO_LARGE_OUTPUT } from '../../../jobs/csv/output.ts'
import { MalformedOutput } from '../../../jobs/define.ts'
import { forge } from './forged.ts'
import { completed, indexed } from './index-of.ts'
import { prices } from './prices.ts'
import { kernel, prepareWith } from './run.ts'

const LONG = '123456789012345678901234567890123456789012345.5'
const ODD = `Time,Ask,Bid,Volume
2019-11-01,1.5,1.25,3
2019-11-01T10:00,,x,1e-5
,7,${LONG},0.000001
2018-01-01T00:00:01Z,2,"3,4",${LONG}
2019-11-01T10:00,-1,1,-7.25,9
nothing,1e300,3.5,2
2020-05-05,0.1,0.2"
2020-05-05T12:30:00.123456789,3,2.5,8
`

const JOBS = {
  extremes: [prices(200), { statistics: 'extremes' }],
  untimed: [prices(200), { timeColumn: null, histogram: { bins: 5, min: 1, max: 2 } }],
  hours: [prices(3000), { groupBy: 'hour', histogram: { bins: 5, min: 0, max: 3 } }],
  days: [prices(200), { groupBy: 'day' }],
  odd: [
    ODD,
    {
      timeColumn: 'Time',
      timeFormat: 'iso',
      groupBy: 'month',
      histogram: { bins: 3, min: 1, max: 3 },
      price: { min: -1 },
    },
  ],
  'odd extremes': [
    ODD,
    { timeColumn: 'Time', timeFormat: 'iso', statistics: 'extremes', price: { min: -1, max: 1e9 } },
  ],
  'several tasks': [prices(40_000), { groupBy: 'day' }],
} as const

function jobOf(name: keyof typeof JOBS) {
  const [text, request] = JOBS[name]
  const bytes = Buffer.from(text)
  const index = indexed(bytes, { delimiter: ',', header: true })
  const params = completed({ delimiter: ',', header: true, ...request }, index)
  const prepared = prepareWith(params)
  const outputs = slicesOf(params, index).map(({ start, end }, task) =>
    kernel.run(prepared, task, () => undefined, bytes.subarray(start, end)),
  )
  const whole = async (task: number) => {
    const { start, end } = slicesOf(params, index)[task]!
    return kernel.whole!(prepared, task, () => undefined, bytes.subarray(start, end))
  }
  return { bytes, index, params, outputs, whole }
}
type Job = ReturnType<typeof jobOf>

function accepts({ params, index }: Job, task: number, output: Uint8Array): boolean {
  try {
    return csv.credit(params, task, output, index) > 0
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedOutput)
    return false
  }
}

/** Every form of the result, with this output in the place of an honest one. */
async function encode({ params, index, outputs, whole }: Job, task: number, output: Uint8Array): Promise<string> {
  const tools = { deflate: () => expect.unreachable('No picture here.'), recompute: whole }
  async function* all() {
    yield* outputs.with(task, output)
  }
  let result = ''
  for (const [name, format] of Object.entries(csv.formats)) {
    const parts: Uint8Array[] = []
    if (format.given && !format.given(params)) continue
    for await (const part of format.encode(params, all(), tools, index)) parts.push(part)
    if (name === 'result') result = Buffer.concat(parts).toString()
  }
  expect(() => JSON.parse(result)).not.toThrow()
  return result
}

function lie(job: Job, spoil: (state: TaskState) => unknown): Uint8Array {
  const state = structuredClone(decodeState(job.outputs[0]!))
  return encodeState({ ...state, ...(spoil(state) as Partial<TaskState>) })
}

describe('forged outputs', () => {
  test.each(Object.keys(JOBS) as (keyof typeof JOBS)[])(
    '[K10] %s: an output that no reader of the slice could have sent is refused, and what has a price has every form',
    async (name) => {
      const job = jobOf(name)
      const task = job.outputs.length - 1
      const honest = job.outputs[task]!
      expect(encodeState(decodeState(honest))).toEqual(honest)
      const full = csv.credit(job.params, task, honest, job.index)
      expect(full).toBe(job.params.statistics === 'all' ? 4 : 1)
      await encode(job, task, honest)
      let refused = 0
      const tried = async (output: Uint8Array) => {
        if (accepts(job, task, output)) await encode(job, task, output)
        else refused++
      }
      const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
      const change = fc.record({ kind: share, one: share, how: fc.nat(1000) })
      const state = decodeState(honest)
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) =>
          tried(encodeState(forge(state, changes))),
        ),
        { numRuns: 600 },
      )
      const bytes = fc.array(fc.tuple(fc.nat(honest.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(bytes, (changes) => {
          const output = honest.slice()
          for (const [at, byte] of changes) output[at] = byte
          return tried(output)
        }),
        { numRuns: 400 },
      )
      await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), tried), { numRuns: 200 })
      expect(refused).toBeGreaterThan(500)
    },
  )

  test('[K10] lies that no encoder could write, or that any reader of the slice would see through', () => {
    const job = jobOf('hours')
    const { bytes, index, params, outputs } = job
    const far = 10n ** 30n
    const lies: Readonly<Record<string, (state: TaskState) => unknown>> = {
      'a time out of the calendar': ({ time }) => ({ time: { ...time, lowest: far, highest: far } }),
      'a time before it': ({ time }) => ({ time: { ...time, lowest: -far } }),
      'a group out of the calendar': ({ groups: [first, ...rest] }) => ({
        groups: [{ ...first, id: 2 ** 52 }, ...rest],
      }),
      'a group before it': ({ groups: [first, ...rest] }) => ({ groups: [{ ...first, id: -(2 ** 52) }, ...rest] }),
      'a group twice': ({ groups }) => ({ groups: [...groups, groups[0]] }),
      'no groups': () => ({ groups: [] }),
      'no times': () => ({ time: null }),
      'no figures': ({ columns }) => ({ columns: columns.map((column) => ({ ...column, figures: null })) }),
      'no spread': () => ({ spread: null }),
      'a column less': ({ columns }) => ({ columns: columns.slice(1) }),
      'a column more': ({ columns }) => ({ columns: [...columns, columns[0]] }),
      'a higher maximum': ({ columns: [first, ...rest] }) => ({
        columns: [{ ...first, max: { ...first!.max, value: 1e300 } }, ...rest],
      }),
      'ranks that there are not': ({ columns: [first, ...rest] }) => {
        const registers = first!.figures!.registers.map(() => 63)
        return { columns: [{ ...first, figures: { ...first!.figures, registers } }, ...rest] }
      },
      'a decimal of a million places': ({ columns: [first, ...rest] }) => {
        const sums = [...first!.figures!.sums, { scale: 1_000_000, sum: 0n, squares: 0n }]
        return { columns: [{ ...first, figures: { ...first!.figures, sums } }, ...rest] }
      },
      'a place behind the slice': () => ({ quotes: 1, quotePlaces: [{ row: 5, byte: bytes.length, reason: 0 }] }),
      'more rows than bytes before a place': () => ({ quotes: 1, quotePlaces: [{ row: 5, byte: 4, reason: 0 }] }),
      'a crowd of quotes': () => ({ quotes: 2 ** 32 - 1 }),
      'rows that are neither whole nor uneven': ({ rows }) => ({ ragged: rows, short: rows }),
      'a reason that there is not': () => ({ ragged: 1, raggedPlaces: [{ row: 0, byte: 0, reason: 200 }] }),
    }
    for (const [name, spoil] of Object.entries(lies)) expect(accepts(job, 0, lie(job, spoil)), name).toBe(false)
    expect(
      accepts(
        job,
        0,
        lie(job, () => ({})),
      ),
    ).toBe(true)
    const honest = outputs[0]!
    expect(accepts(job, 0, honest.slice(0, -1))).toBe(false)
    expect(accepts(job, 0, Buffer.concat([honest, honest]))).toBe(false)
    const later = bytes.subarray(index.dataStart + 60)
    const other = kernel.run(prepareWith(params), 0, () => undefined, later)
    expect(accepts(job, 0, other)).toBe(false)
    // The same numbers, written with a byte more than needed.
    const padded = Buffer.from([honest[0]! | 128, 0, ...honest.subarray(1)])
    expect(decodeState(padded)).toEqual(decodeState(honest))
    expect(accepts(job, 0, padded)).toBe(false)
  })

  test('[K7] the byte for state that does not fit into an output earns 1, whatever the slice, and the result is the same', async () => {
    const job = jobOf('several tasks')
    const { params, index, outputs } = job
    expect(outputs.length).toBeGreaterThan(1)
    for (const [task, honest] of outputs.entries()) {
      expect(csv.credit(params, task, honest, index)).toBe(4)
      expect(csv.credit(params, task, TOO_LARGE_OUTPUT, index)).toBe(1)
    }
    expect(await encode(job, 0, TOO_LARGE_OUTPUT)).toBe(await encode(job, 0, outputs[0]!))
  })
})
