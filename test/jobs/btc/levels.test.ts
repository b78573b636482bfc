import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outputsOf, resultOf, seriesOf, text } from './job.ts'
import { prices, wildPrices } from './prices.ts'
import * as straight from './straight.ts'

interface Levels {
  readonly levels: readonly { readonly from: string; readonly to: string; readonly level: number }[]
  readonly band: { readonly low: number | null } | null
  readonly bands: readonly { readonly level: number; readonly low: number | null; readonly inside: number }[]
  readonly coverage: { readonly share: number | null; readonly count: number }
}

type Asked = { depth: number; window: number; coverage: number; stride: number }

const asked: fc.Arbitrary<Asked> = fc.record({
  depth: fc.integer({ min: 1, max: 5 }),
  window: fc.integer({ min: 2, max: 40 }),
  coverage: fc.constantFrom(0.5, 0.8, 0.9),
  stride: fc.integer({ min: 1, max: 15 }),
})

async function levels(units: readonly number[], params: object): Promise<Levels> {
  return resultOf<Levels>({ series: 's', analysis: 'levels', ...params }, seriesOf(units))
}

function check(result: Levels, units: readonly number[], { window, depth, stride, coverage }: Asked) {
  const n = units.length
  if (n < window) {
    expect(result).toMatchObject({ levels: [], band: null, bands: [], coverage: { share: null, count: 0 } })
    return
  }
  const usd = (value: number | null) => (value === null ? null : value / 1e8)
  const time = (t: number) => new Date(Date.UTC(2019, 10, 1) + t * 15_000).toISOString()
  expect(result.levels).toEqual(
    straight
      .tree(units, n - window, n, depth)
      .map(({ from, to, level }) => ({ from: time(from), to: time(to - 1), level: usd(level) })),
  )
  const expected = straight.bands(units, window, depth, stride, Math.round((1 - coverage) * 1e6))
  expect(result.bands).toEqual(
    expected.map(({ origin, level, low, high, inside, of }) => ({
      at: time(origin),
      level: usd(level),
      low: usd(low),
      high: usd(high),
      inside,
      of,
    })),
  )
  expect(result.coverage.count).toBe(expected.reduce((sum, { of }) => sum + of, 0))
}

test('[B4] the tree tries every split exactly, and bands and coverage follow their definition', async () => {
  await fc.assert(
    fc.asyncProperty(prices(2, 240), asked, async (units, params) => check(await levels(units, params), units, params)),
    { numRuns: 80 },
  )
})

test('[B4] ties between splits go to the first, whatever the size of the numbers', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(1, 2, 4_500_000_000_000_000, 8_999_999_999_999_999), { minLength: 2, maxLength: 50 }),
      asked,
      async (units, params) => check(await levels(units, params), units, params),
    ),
    { numRuns: 80 },
  )
  await fc.assert(
    fc.asyncProperty(wildPrices(2, 50), asked, async (units, params) =>
      check(await levels(units, params), units, params),
    ),
    { numRuns: 40 },
  )
})

test('[B2] tasks that begin in the middle know the scores before them', async () => {
  const units = Array.from({ length: 17_000 }, (_, i) => 900_000_000_000 + ((i * i * 31) % 5003) * 1_000_000)
  const params = { series: 's', analysis: 'levels' as const, depth: 3, window: 50, coverage: 0.9, stride: 2 }
  const input = seriesOf(units)
  const outputs = await outputsOf(params, input)
  expect(outputs.length).toBeGreaterThan(1)
  for (const output of outputs) expect(output.length).toBeLessThanOrEqual(256 * 1024)
  const rows = (await text(params, outputs, input, 'csv')).trim().split('\n').slice(1)
  const expected = straight.bands(units, 50, 3, 2, 100_000)
  expect(rows).toHaveLength(expected.length)
  for (const at of [0, 1, 25, 400, 7499, 7500, 7501, rows.length - 1]) {
    const { level, low, high, inside, of } = expected[at]!
    const usd = (value: number | null) => (value === null ? '' : String(value / 1e8))
    expect(rows[at]!.split(',').slice(1)).toEqual([usd(level), usd(low), usd(high), String(inside), String(of)])
  }
})

test('[B4] splits that differ by less than a double can tell are still told apart', async () => {
  for (const a of [1_000_000_000_000_001, 2_345_678_901_234_567, 4_000_000_000_000_003]) {
    for (const more of [-1, 0, 1]) {
      // Splitting 0, a, 2a + more after the first gains (3a + more)² / 2, after the second (3a + 2 more)² / 2.
      const units = [1, 1 + a, 1 + 2 * a + more]
      const { levels: leaves } = await levels(units, { depth: 1, window: 3, coverage: 0.9 })
      const second = Date.parse(leaves[1]!.from) - Date.UTC(2019, 10, 1)
      expect(second).toBe(more > 0 ? 30_000 : 15_000)
    }
  }
})
