import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeState } from '../../../jobs/csv/output.ts'
import { compilePattern } from '../../../jobs/csv/time-pattern.ts'
import { completed, indexed } from './index-of.ts'
import { kernel, prepareWith } from './run.ts'
import { type Clock, pattern, writeTime } from './written-times.ts'

// The build with SIMD reads times and rows that are like the one before in ways of its own. Whatever pattern people may
// write and whatever stands in the rows, it must answer as the scalar one does.

const SPOILT = [...'0123456789:.-/ ,;TZ+"x\r'.split(''), 'GMT', '+05', '  ']

/** What happens to a time on its way into the file: mostly nothing. */
const mishap = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ type: 'none' as const }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('set' as const), at: fc.nat(40), what: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('insert' as const), at: fc.nat(40), what: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('drop' as const), at: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('quote' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('pad' as const) }) },
)
type Mishap = typeof mishap extends fc.Arbitrary<infer Value> ? Value : never

function spoil(text: string, mishap: Mishap): string {
  if (mishap.type === 'none') return text
  if (mishap.type === 'quote') return `"${text}"`
  if (mishap.type === 'pad') return ` ${text} `
  const at = mishap.at % (text.length + 1)
  if (mishap.type === 'drop') return text.slice(0, at) + text.slice(at + 1)
  const what = SPOILT[mishap.what % SPOILT.length]!
  return text.slice(0, at) + what + text.slice(mishap.type === 'set' ? at + 1 : at)
}

/** Mostly a little later than the row before; sometimes digits that no clock shows. */
const step = fc.record({
  ahead: fc.constantFrom(0, 1, 1, 7, 60, 600, 3600, 40_000, 86_400, 3_000_000, -5000),
  odd: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.tuple(fc.nat(2), fc.nat(99)) }),
  omit: fc.nat(15),
  zone: fc.nat(9),
  mishap,
})
const cell = fc.constantFrom(
  '1',
  '1.5',
  '2.25',
  '-3',
  '-3.50',
  '',
  'x',
  '"4"',
  '5\r',
  '1e3',
  '+1',
  ' 2',
  '12345678901234567',
)

const file = fc.record({
  pattern,
  start: fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2100, 0) }),
  fraction: fc.nat(999_999_999),
  steps: fc.array(fc.record({ step, cells: fc.array(cell, { minLength: 2, maxLength: 2 }) }), {
    minLength: 2,
    maxLength: 25,
  }),
  /** The same cells over and over let the rows be read in lanes. */
  plain: fc.boolean(),
  delimiter: fc.constantFrom(',', ',', ';', ':', ' ', '/', '\t'),
  timeAt: fc.constantFrom(0, 0, 0, 1, 2),
  eol: fc.constantFrom('\n', '\n', '\r\n', '\r'),
  quoteAll: fc.constantFrom(false, false, true),
  columns: fc.constantFrom(['a', 'b'], ['a', 'b'], ['a'], ['b'], ['Time']),
  statistics: fc.constantFrom('extremes' as const, 'extremes' as const, 'all' as const),
})
type File = typeof file extends fc.Arbitrary<infer Value> ? Value : never

function written({ pattern, start, fraction, steps, plain, delimiter, timeAt, eol, quoteAll }: File): string {
  const lines = [['a', 'b'].toSpliced(timeAt, 0, 'Time').join(delimiter)]
  let ms = start
  for (const { step, cells } of steps) {
    ms += step.ahead * 1000
    const clock: Clock = { ms, fraction, omit: step.omit, zone: step.zone, odd: step.odd }
    const time = spoil(writeTime(pattern, clock), step.mishap)
    const row = (plain ? ['1.5', String(2 + lines.length)] : cells).toSpliced(timeAt, 0, quoteAll ? `"${time}"` : time)
    lines.push(row.join(delimiter))
  }
  return lines.join(eol)
}

test('[K3] the build with SIMD answers as the scalar one does, for every pattern of times and whatever stands in the rows', () => {
  fc.assert(
    fc.property(file, (file) => {
      fc.pre(file.pattern.length <= 100 && compilePattern(file.pattern).type === 'pattern')
      const bytes = Buffer.from(written(file))
      const { delimiter, statistics, columns } = file
      const dialect = { delimiter, header: true, decimal: '.' }
      const index = indexed(bytes, dialect as object)
      const params = completed({ ...dialect, statistics, columns, timeColumn: 'Time', timeFormat: file.pattern }, index)
      const slice = bytes.subarray(index.dataStart)
      const [simd, scalar] = [true, false].map((simd) =>
        kernel.run(prepareWith(params, simd), 0, () => undefined, slice),
      )
      expect(simd).toEqual(scalar)
    }),
    { numRuns: 800 },
  )
})

function rows(...lines: string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

test('[K3] clocks written backwards and far apart are told from each other by every build', () => {
  const written: readonly (readonly [pattern: string, ...times: string[]])[] = [
    ['mm:HH DD.MM.YYYY', '00:10 01.11.2019', '30:10 01.11.2019', '30:11 01.11.2019'],
    ['ss:mm:HH YYYY-MM-DD', '01:02:03 2019-11-01', '04:02:03 2019-11-01', '04:05:06 2019-11-01'],
    ['HH DD.MM.YYYY - mm', '10 01.11.2019 - 00', '10 01.11.2019 - 30', '11 01.11.2019 - 30'],
    ['SSS.ss YYYY-MM-DD HH:mm', '5.01 2019-11-01 10:00', '6.01 2019-11-01 10:00', '6.02 2019-11-01 11:07'],
    ['YYYY-MM-DD HH:mm Z', '2019-11-01 10:00 +0530', '2019-11-01 10:00 +0545', '2019-11-01 10:01 +0545'],
  ]
  for (const [timeFormat, ...times] of written) {
    const bytes = Buffer.from(`Time,a,b\n${times.map((time) => `${time},1,2\n`).join('')}`)
    const index = indexed(bytes, { delimiter: ',', header: true })
    const params = completed({ header: true, timeColumn: 'Time', timeFormat }, index)
    const slice = bytes.subarray(index.dataStart)
    const [simd, scalar] = [true, false].map((simd) => kernel.run(prepareWith(params, simd), 0, () => undefined, slice))
    expect(simd, timeFormat).toEqual(scalar)
    expect(decodeState(simd!).time, timeFormat).toMatchObject({ count: 3, duplicates: 0 })
  }
})

test.each<[what: string, text: string, more: Record<string, unknown>]>([
  [
    'a time that is neither first nor last',
    rows('a,Time,b', '1,2019-11-01T10:00Z,2', '1,2019-11-01T10:05Z,3'),
    { columns: ['b'] },
  ],
  ['a last cell with a CR too many', 'Time,a\r\n2019-11-01,1.23\r\n2019-11-02,1.24\r\n2019-11-03,1.235\r\r\n', {}],
  ['no column but the time', rows('Time,a', 'x,1', '2019-11-01,2', '2019-11-02,3'), { columns: ['Time'] }],
  [
    'a time that holds the delimiter, quoted and not',
    rows('Time,a', '"01.11.2019, 10:00",1', '"01.11.2019, 10:01",2', '01.11.2019, 10:02,3'),
    { timeFormat: 'DD.MM.YYYY, HH:mm' },
  ],
  [
    'a zone that may go on',
    rows('Time,a', '2019-11-01 10:00+05,1', '2019-11-01 10:00+051x,1', '2019-11-01 10:00+0515,2'),
    { timeFormat: 'YYYY-MM-DD HH:mmZ' },
  ],
  [
    'a pattern with blanks around it',
    rows('Time,a', ' 2019-11-01 ,1', '" 2019-11-02 ",2', '2019-11-03,3', ' 2019-11-04 ,4'),
    { timeFormat: ' YYYY-MM-DD ' },
  ],
  [
    'a day that is left out',
    rows('Time,a', '2019-11-05,1', '2019-11,2', '2019-11-06,3', '"2019-11",4', '2019-12,5'),
    { timeFormat: 'YYYY-MM[-DD]' },
  ],
])('[K3] every build reads %s alike, and any cutting of it', (_, text, more) => {
  const bytes = Buffer.from(text)
  const index = indexed(bytes, { delimiter: ',', header: true })
  const asked = { delimiter: ',', header: true, statistics: 'extremes', timeColumn: 'Time', timeFormat: 'iso', ...more }
  const params = completed(asked, index)
  const [simd, scalar] = [true, false].map((simd) => {
    const read = (slice: Uint8Array) => decodeState(kernel.run(prepareWith(params, simd), 0, () => undefined, slice))
    const lastRow = bytes.lastIndexOf('\n', -2) + 1
    return [read(bytes.subarray(index.dataStart)), read(bytes.subarray(lastRow))] as const
  })
  expect(simd).toEqual(scalar)
  // The last row alone has a time exactly where it has one behind others.
  const [whole, last] = scalar!
  expect(last.time!.count > 0).toBe(whole.time!.count > 0 && whole.time!.last.row === whole.rows - 1)
})

test('[K33] a thread keeps room for one slice, the longest yet, however many it has read', () => {
  const row = '2019-11-01T10:00:00Z,1.5,2\n'
  const bytes = Buffer.from(`Time,a,b\n${row.repeat(300_000)}`)
  const index = indexed(bytes, { delimiter: ',', header: true })
  const prepared = prepareWith(completed({ header: true, statistics: 'extremes' }, index))
  const most = bytes.length - index.dataStart
  const sizes = () => prepared.wasm.memory.buffer.byteLength
  const before = sizes()
  const output = () =>
    kernel.run(prepared, 0, () => undefined, bytes.subarray(index.dataStart, index.dataStart + row.length))
  const first = output()
  // Ever longer and ever again shorter ones, as slices of files and of several jobs come.
  for (let i = 1; i <= 4000; i++) {
    const length = Math.floor((most * i) / 4000)
    const room = kernel.room!(prepared, i % 3 === 0 ? length : Math.floor(length / 2))
    expect(room.length).toBeGreaterThan(0)
  }
  expect(output()).toEqual(first)
  expect(sizes() - before).toBeLessThanOrEqual(most + (1 << 20))
  // What stands in the room is read there, and grows no further.
  const room = kernel.room!(prepared, most)
  room.set(bytes.subarray(index.dataStart))
  const after = sizes()
  expect(decodeState(kernel.run(prepared, 0, () => undefined, room)).rows).toBe(300_000)
  expect(sizes()).toBe(after)
})
