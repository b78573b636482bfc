import { expect, test } from 'vitest'
import { outputsOf, resultOf, seriesOf } from './job.ts'

interface Forecast {
  readonly start: number
  readonly step: { readonly mean: number; readonly deviation: number }
  readonly quantiles: readonly {
    step: number
    p05: number
    p25: number
    p50: number
    p75: number
    p95: number
  }[]
  readonly touch: Readonly<Record<'setpoint' | 'upper' | 'lower', { share: number } | null>>
}

async function forecast(units: readonly number[], params: object): Promise<Forecast> {
  return resultOf<Forecast>({ series: 's', analysis: 'forecast', seed: 1, ...params }, seriesOf(units))
}

// Up and down by the same factor, as often: a past whose logarithm is a fair coin, so a future without drift.
const UP = 1.01
const LOW = 1_000_000_000_000
const coin = Array.from({ length: 1001 }, (_, i) => (i % 2 === 0 ? LOW : Math.round(LOW * UP)))
const move = Math.log(Math.round(LOW * UP) / LOW)
const start = LOW / 1e8

/** P(Sₙ ≥ a) of a fair ±1 walk. */
function atLeast(a: number, n: number): number {
  let share = 0
  let term = 0.5 ** n
  for (let ups = 0; ups <= n; ups++) {
    if (2 * ups - n >= a) share += term
    term *= (n - ups) / (ups + 1)
  }
  return share
}

/** By reflection: P(max ≥ a) = P(Sₙ ≥ a) + P(Sₙ > a). */
const touches = (a: number, n: number) => atLeast(a, n) + atLeast(a + 1, n)

test('[B7] the chance to touch a level is the reflection principle’s, for a driftless walk', async () => {
  const paths = 40_000
  for (const [seed, a, n] of [
    [1, 5, 60],
    [2, 12, 60],
    [3, 1, 25],
    [4, 20, 240],
  ] as const) {
    const level = (k: number) => start * Math.exp((k - 0.5 * Math.sign(k)) * move)
    const params = {
      paths,
      points: n,
      method: 'bootstrap',
      seed,
      setpoint: level(a),
      upper: level(a + 2),
      lower: level(-a),
    }
    const { touch, step } = await forecast(coin, params)
    expect(step.mean).toBeCloseTo(0, 15)
    const near = (share: number | undefined, truth: number) =>
      expect(Math.abs(share! - truth)).toBeLessThan(4.5 * Math.sqrt((truth * (1 - truth)) / paths))
    near(touch.setpoint?.share, touches(a, n))
    near(touch.upper?.share, touches(a + 2, n))
    near(touch.lower?.share, touches(a, n))
  }
})

test('[B7] quantiles of a gbm are those of the lognormal distribution', async () => {
  const paths = 50_000
  const { quantiles, step } = await forecast(coin, { paths, points: 100, method: 'gbm', seed: 5 })
  expect(step.deviation).toBeCloseTo(move, 12)
  expect(quantiles).toHaveLength(100)
  for (const at of [1, 10, 50, 100]) {
    const row = quantiles[at - 1]!
    expect(row.step).toBe(at)
    for (const [name, z, share] of [
      ['p05', -1.6448536269514722, 0.05],
      ['p25', -0.6744897501960817, 0.25],
      ['p50', 0, 0.5],
      ['p75', 0.6744897501960817, 0.75],
      ['p95', 1.6448536269514722, 0.95],
    ] as const) {
      const measured = Math.log(row[name] / start) / (move * Math.sqrt(at))
      const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
      const chance = Math.sqrt((share * (1 - share)) / paths) / density
      // 0.004: what reading inside a bin of a sixteenth may add.
      expect(Math.abs(measured - z)).toBeLessThan(4.5 * chance + 0.004)
    }
  }
})

test('[B7] quantiles rise from p05 to p95 and the fan of a drifting past drifts with it', async () => {
  const rising = Array.from({ length: 500 }, (_, i) => Math.round(LOW * 1.001 ** i))
  const { quantiles, start: last } = await forecast(rising, { paths: 1000, points: 1200, method: 'bootstrap' })
  expect(quantiles.length).toBeLessThanOrEqual(500)
  expect(quantiles.at(-1)!.step).toBe(1200)
  for (const { p05, p25, p50, p75, p95 } of quantiles) {
    expect(p05 <= p25 && p25 <= p50 && p50 <= p75 && p75 <= p95).toBe(true)
  }
  expect(quantiles.at(-1)!.p50 / last).toBeCloseTo(1.001 ** 1200, 3)
})

test('[B2] the same seed gives the same bits with SIMD and without, another seed others', async () => {
  const params = {
    series: 's',
    analysis: 'forecast' as const,
    paths: 5000,
    points: 40,
    method: 'gbm' as const,
    seed: 9,
  }
  const input = seriesOf(coin)
  const bytes = async (seed: number, simd: boolean) =>
    Buffer.concat(await outputsOf({ ...params, seed }, input, simd)).toString('base64')
  const one = await bytes(9, true)
  expect(await bytes(9, false)).toBe(one)
  expect(await bytes(10, true)).not.toBe(one)
})

test('[B7] a level at the price is touched at once; a past without steps has no future', async () => {
  const flat = await forecast([LOW, LOW, LOW], {
    paths: 10,
    points: 5,
    method: 'gbm',
    setpoint: start,
    upper: start * 2,
    lower: start / 2,
  })
  expect(flat.touch).toMatchObject({ setpoint: { share: 1 }, upper: { share: 0 }, lower: { share: 0 } })
  expect(flat.quantiles[4]).toEqual({ step: 5, p05: start, p25: start, p50: start, p75: start, p95: start })
  const single = await forecast([LOW], { paths: 10, points: 5, method: 'gbm', setpoint: start })
  expect(single).toMatchObject({ start, quantiles: [], touch: { setpoint: null } })
})

test('[B2] outputs stay below 256 KB for the longest forecasts', async () => {
  const params = {
    series: 's',
    analysis: 'forecast' as const,
    paths: 3,
    points: 100_000,
    method: 'bootstrap' as const,
    seed: 0,
  }
  const outputs = await outputsOf(params, seriesOf(coin))
  for (const output of outputs) expect(output.length).toBeLessThanOrEqual(256 * 1024)
})
