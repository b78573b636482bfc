import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outputsOf, resultOf, seriesOf, text } from './job.ts'
import { prices, wildPrices } from './prices.ts'
import * as straight from './straight.ts'

interface Model {
  readonly window: number
  readonly horizon: number
  readonly count: number
  readonly mae: number | null
  readonly rmse: number | null
  readonly bias: number | null
  readonly better: { readonly share: number | null; readonly low: number | null; readonly high: number | null }
}

async function models(units: readonly number[], windows: readonly number[], horizons: readonly number[]) {
  const params = { series: 's', analysis: 'predict', windows, horizons }
  return (await resultOf<{ models: Model[] }>(params, seriesOf(units))).models
}

const lengths = fc.array(fc.integer({ min: 2, max: 30 }), { minLength: 1, maxLength: 3 })
const horizons = fc.array(fc.constantFrom(1, 2, 8, 33, 400), { minLength: 1, maxLength: 3 })

function check(model: Model, units: readonly number[]): void {
  const all = straight.predictions(units, model.window, model.horizon)
  const errors = all.map(({ predicted, actual }) => actual - predicted)
  const better = all.filter(
    ({ predicted, actual, now }) => Math.abs(actual - predicted) < Math.abs(actual - now),
  ).length
  expect(model.count).toBe(all.length)
  if (all.length === 0) {
    expect(model).toMatchObject({ mae: null, rmse: null, bias: null, better: { share: null, low: null, high: null } })
    return
  }
  expect(model.better.share).toBe(better / all.length)
  // Exact sums of doubles as fractions over 2^200, rounded once.
  const exact = (values: readonly number[]) => values.reduce((sum, value) => sum + fixed(value), 0n)
  const den = BigInt(all.length) << 200n
  expect(model.mae).toBe(straight.quotient(exact(errors.map(Math.abs)), den * 100_000_000n))
  expect(model.bias).toBe(straight.quotient(exact(errors), den * 100_000_000n))
  const square = straight.quotient(exact(errors.map((error) => error * error)), den * 10_000_000_000_000_000n)
  expect(model.rmse).toBe(Math.sqrt(square))
}

function fixed(value: number): bigint {
  let scaled = value
  let up = 0n
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    up++
  }
  return BigInt(scaled) << (200n - up)
}

test('[B3] predictions equal textbook least squares in exact fractions, and their errors are summed exactly', async () => {
  await fc.assert(
    fc.asyncProperty(prices(2, 150), lengths, horizons, async (units, windows, ahead) => {
      for (const model of await models(units, windows, ahead)) check(model, units)
    }),
    { numRuns: 60 },
  )
})

test('[B3] the same for the largest prices and far horizons', async () => {
  await fc.assert(
    fc.asyncProperty(wildPrices(2, 60), lengths, horizons, async (units, windows, ahead) => {
      for (const model of await models(units, windows, ahead)) check(model, units)
    }),
    { numRuns: 60 },
  )
})

test('[B3] long windows: the numerator passes 64 bits and stays exact', async () => {
  const units = Array.from({ length: 3000 }, (_, i) => 9_000_000_000_000_000 - ((i * 7919) % 100_003) * 89_999_999)
  for (const model of await models(units, [2500], [1, 100])) check(model, units)
})

test('[B3] on a flat price no prediction is strictly nearer than no change', async () => {
  const [model] = await models(Array(500).fill(911_646_000_001), [7], [8])
  expect(model).toMatchObject({ count: 486, mae: 0, rmse: 0, bias: 0, better: { share: 0 } })
})

test('[B3] a straight line is foretold without error', async () => {
  const [model] = await models(
    Array.from({ length: 200 }, (_, i) => 1_000_000_007 + i * 3_000_001),
    [10],
    [5],
  )
  expect(model).toMatchObject({ count: 186, mae: 0, rmse: 0, bias: 0, better: { share: 1 } })
})

test('[B3] Wilson’s interval of 8 hits in 10', async () => {
  const { wilson } = await import('../../../jobs/btc/analysis.ts')
  // Newcombe 1998, table: 0.4902 … 0.9433.
  expect(wilson(8, 10).low).toBeCloseTo(0.4902, 4)
  expect(wilson(8, 10).high).toBeCloseTo(0.9433, 4)
  expect(wilson(0, 5).low).toBe(0)
})

test('[B2] cut into several tasks the sums are the same', async () => {
  const units = Array.from({ length: 50_000 }, (_, i) => 900_000_000_000 + ((i * 7919) % 1000) * 1_000_000)
  const ahead = Array.from({ length: 100 }, (_, i) => i + 1)
  const params = { series: 's', analysis: 'predict' as const, windows: [30], horizons: ahead }
  const input = seriesOf(units)
  const outputs = await outputsOf(params, input)
  expect(outputs.length).toBeGreaterThan(2)
  const all = (JSON.parse(await text(params, outputs, input, 'result')) as { models: Model[] }).models
  const [alone] = await models(units, [30], [8])
  expect(all[7]).toEqual(alone)
})

test('[B3] the result says how many points two minutes are', async () => {
  const params = { series: 's', analysis: 'predict', windows: [2], horizons: [1] }
  const result = await resultOf<{ twoMinutes: unknown }>(params, seriesOf([100, 101, 102]))
  expect(result.twoMinutes).toEqual({ horizon: 8, medianSpacingSeconds: 15 })
})
