import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { slicesOf } from '../../../jobs/csv/file-index.ts'
import { csv } from '../../../jobs/csv/index.ts'
import { isTooLarge } from '../../../jobs/csv/output.ts'
import { MAX_OUTPUT_BYTES } from '../../../jobs/define.ts'
import { completed, indexed } from './index-of.ts'
import { oracle } from './oracle.ts'
import { prices } from './prices.ts'
import { kernel, prepareWith, resultOf, textOf } from './run.ts'

const MIB = 1 << 20
async function run(text: string | Uint8Array, request: Record<string, unknown> = {}) {
  const bytes = Buffer.from(text as string)
  const index = indexed(bytes, request)
  return resultOf(bytes, completed(request, index), index)
}

describe('csv jobs', () => {
  test('[K3] any cutting gives the same bytes, and so do all builds of the kernel', async () => {
    const bytes = Buffer.from(prices(90_000))
    const index = indexed(bytes)
    const params = completed({ groupBy: 'hour', histogram: { bins: 20, min: 0, max: 5 } }, index)
    const slices = slicesOf(params, index)
    expect(slices.length).toBeGreaterThan(3)
    const whole = await textOf(bytes, params, index, [
      { start: index.dataStart, end: index.bytes, row: 0, rows: index.rows },
    ])
    expect(await textOf(bytes, params, index)).toBe(whole)
    const slice = bytes.subarray(slices[1]!.start, slices[1]!.end)
    const [simd, scalar] = [true, false].map((simd) => kernel.run(prepareWith(params, simd), 1, () => undefined, slice))
    expect(simd).toEqual(scalar)
    // Written where the kernel reads it, as from a disk, into a memory that must first grow for it.
    const prepared = prepareWith(params)
    const room = kernel.room!(prepared, slice.length)
    room.set(slice)
    expect(kernel.run(prepared, 1, () => undefined, room)).toEqual(simd)
    expect(JSON.parse(whole)).toMatchObject({ rows: 90_000, time: { format: expect.stringContaining('DD.MM.YYYY') } })
  })

  test('[K4] min and max are what Number() makes of the text, to the last bit', async () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 40 })
    const decimal = fc
      .tuple(
        fc.constantFrom('', '-', '+'),
        digits,
        fc.constantFrom('', '.', '.5', '.000001'),
        digits,
        fc.integer({ min: -345, max: 310 }),
      )
      .map(([sign, whole, point, fraction, exponent]) => `${sign}${whole}${point}${point ? fraction : ''}e${exponent}`)
    // Between two doubles lies a decimal exactly half way; a digit more or less tips it.
    const halfway = fc
      .tuple(fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-300, max: 1e300 }), fc.constantFrom('', '1'))
      .map(([value, tip]) => {
        const cell = new DataView(new ArrayBuffer(8))
        cell.setFloat64(0, value)
        const bits = cell.getBigUint64(0)
        const mantissa = ((bits & 0xfffffffffffffn) | (1n << 52n)) * 2n + 1n
        const power = Number(bits >> 52n) - 1076
        const digits = power >= 0 ? mantissa << BigInt(power) : mantissa * 5n ** BigInt(-power)
        return `${digits}${tip ? `.${'0'.repeat(30)}1` : ''}e${Math.min(power, 0)}`.replace(
          /^(\d+)(\.0+1)e(-\d+)$/,
          '$1$2e$3',
        )
      })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(decimal, halfway), { minLength: 20, maxLength: 20 }), async (cells) => {
        for (const cell of cells) {
          const value = Number(cell)
          if (!Number.isFinite(value) || Math.abs(Number(/e(.*)/.exec(cell)?.[1] ?? 0)) > 400) continue
          const { columns } = await run(`x,y\n${cell},1\n`, { statistics: 'extremes', timeColumn: null, header: true })
          expect(Object.is(columns.x.min, value + 0), `${cell} → ${columns.x.min}, not ${value}`).toBe(true)
        }
      }),
      { numRuns: 25 },
    )
  })

  test('[K5] a record over 1 MiB is one row, invalid in every column, and no device reads it', async () => {
    const long = (size: number) => `"${'x'.repeat(size - 4)}",5`
    const records = ['1,2', long(MIB), long(MIB + 1), '3,4', long(3 * MIB), long(2 * MIB), '5,6', '7,8']
    const text = `a,b\n${records.join('\n')}\n`
    const bytes = Buffer.from(text)
    const index = indexed(bytes, {}, 100_001)
    const params = completed({}, index)
    const result = await resultOf(bytes, params, index)
    const { rows, overlong, columns } = oracle(bytes, {
      delimiter: ',',
      header: true,
      decimal: '.',
      statistics: 'all',
      time: null,
    })
    expect({ rows, overlong }).toEqual({ rows: 8, overlong: 3 })
    expect(result).toMatchObject({ rows, overlong, columns })
    expect(result['columns'].b).toMatchObject({ count: 5, empty: 0, invalid: 3, sum: 25, max: 8, maxRow: 7 })
    expect(result['columns'].a.invalidPlaces.slice(1, 3)).toEqual([
      { row: 2, byte: text.indexOf(long(MIB + 1)), reason: 'record over 1 MiB' },
      { row: 4, byte: text.indexOf(long(3 * MIB)), reason: 'record over 1 MiB' },
    ])
    for (const { start, end } of slicesOf(params, index)) expect(text.slice(start, end)).not.toContain(long(2 * MIB))
  })

  test('[K6] a quote never closed takes the rest of the file, however much that is', async () => {
    const small = await run('a,b\n1,2\n3,"4\n5,6\n')
    expect(small).toMatchObject({ rows: 2, unclosedQuote: 10, columns: { b: { count: 1, invalid: 1 } } })
    const large = await run(`a,b\n1,2\n3,"4\n${'5,6\n'.repeat(600_000)}`)
    expect(large).toMatchObject({ rows: 2, overlong: 1, columns: { a: { count: 1, invalid: 1 } } })
  })

  test('[K7] state that does not fit into an output is computed beside the file instead, to the same bits', async () => {
    const hours = Array.from({ length: 20_000 }, (_, i) => `${new Date(i * 3_600_000 * 7).toISOString()},${i},${i % 5}`)
    const bytes = Buffer.from(`Time,Price,Volume\n${hours.join('\n')}\n`)
    const index = indexed(bytes)
    const params = completed({ groupBy: 'hour' }, index)
    const prepared = await kernel.prepare(params)
    const output = kernel.run(prepared, 0, () => undefined, bytes.subarray(index.dataStart))
    expect(isTooLarge(output)).toBe(true)
    // Nobody can tell whether it was computed, so it earns the least there is.
    expect(csv.credit(params, 0, output, index)).toBe(1)
    const result = await resultOf(bytes, params, index)
    expect(result['groups'].items).toHaveLength(20_000)
    expect(result['groups'].items[19_999]).toMatchObject({ rows: 1, columns: { Price: { open: 19_999, volume: 4 } } })
    const wide = Array.from({ length: 4000 }, (_, r) =>
      Array.from({ length: 32 }, (_, c) => ((r * 7919 + c * 104_729) % 100_003) ** ((c % 8) - 4)).join(','),
    )
    const wideBytes = Buffer.from(`${Array.from({ length: 32 }, (_, i) => `c${i}`).join(',')}\n${wide.join('\n')}`)
    const wideIndex = indexed(wideBytes)
    const wideParams = completed({}, wideIndex)
    for (const [task, { start, end }] of slicesOf(wideParams, wideIndex).entries()) {
      const output = kernel.run(await kernel.prepare(wideParams), task, () => undefined, wideBytes.subarray(start, end))
      expect(output.length).toBeLessThanOrEqual(MAX_OUTPUT_BYTES)
    }
  })

  test('[K8] quantiles are within 2⁻⁷ of the true ones, whatever the values', async () => {
    const value = fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 })
      .filter((v) => v === 0 || Math.abs(v) > 1e-300)
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 200 }), async (values) => {
        const { columns } = await run(`x,y\n${values.map((v) => `${v},0`).join('\n')}\n`, { header: true })
        const sorted = Float64Array.from(values).sort()
        for (const [share, found] of Object.entries(columns.x.quantiles)) {
          const truth = sorted[Math.ceil(Number(share) * values.length) - 1]!
          expect(Math.abs((found as number) - truth)).toBeLessThanOrEqual(Math.abs(truth) / 128)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('[K9] distinct values are estimated within a few percent', async () => {
    for (const [distinct, rows] of [
      [1, 1000],
      [100, 5000],
      [5000, 20_000],
      [50_000, 100_000],
    ] as const) {
      const text = `x,y\n${Array.from({ length: rows }, (_, i) => `${((i % distinct) * 37) / 100},1`).join('\n')}\n`
      const { columns } = await run(text, { timeColumn: null })
      expect(Math.abs(columns.x.distinct / distinct - 1)).toBeLessThan(0.06)
    }
  })
})
