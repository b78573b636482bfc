import { exp } from '../../math/exp-log.ts'
import { type Analysis, type FanPoint, type ForecastResult, wilson } from '../analysis.ts'
import type { ForecastParams } from '../params.ts'
import { type Series, usd } from '../series.ts'
import { BINS, checkCounts, countsOf, forecastPlan } from './task.ts'

/** Steps that earn one credit: each costs about twenty of a sweep's. */
const STEPS_PER_CREDIT = 500_000

/** Simulated futures from the last price on; formulas in the kind's README. */
export const forecast: Analysis<ForecastParams> = {
  title: ({ paths, points }) => `${paths.toLocaleString('en')} futures of ${points.toLocaleString('en')} points`,
  split: (params) => forecastPlan(params).tasks,
  price(params, index, output) {
    const plan = forecastPlan(params)
    const [from, to] = plan.paths(index)
    checkCounts(output, plan.recorded, to - from)
    return Math.max(1, Math.ceil(((to - from) * params.points) / STEPS_PER_CREDIT))
  },
  async *json(params, outputs, series) {
    const { start, step, quantiles, touch } = await merged(params, outputs, series)
    yield `"start":${start},"step":${JSON.stringify(step)},"touch":${JSON.stringify(touch)},"quantiles":`
    yield JSON.stringify(quantiles)
  },
  async *csv(params, outputs, series) {
    yield 'step,p05,p25,p50,p75,p95\n'
    const { quantiles } = await merged(params, outputs, series)
    for (const { step, p05, p25, p50, p75, p95 } of quantiles) yield `${[step, p05, p25, p50, p75, p95].join(',')}\n`
  },
}

async function merged(
  params: ForecastParams,
  outputs: AsyncIterable<Uint8Array>,
  { prices }: Series,
): Promise<Omit<ForecastResult, 'analysis' | 'used'>> {
  const plan = forecastPlan(params)
  const bins = new Float64Array(plan.recorded * BINS)
  const sums = { paths: 0, setpoint: 0, upper: 0, lower: 0, mean: 0, deviation: 0 }
  for await (const output of outputs) {
    const counts = countsOf(output)
    for (let i = 0; i < bins.length; i++) bins[i]! += counts.bins[i]!
    sums.paths += counts.paths
    sums.setpoint += counts.setpoint
    sums.upper += counts.upper
    sums.lower += counts.lower
    sums.mean = counts.mean
    sums.deviation = counts.deviation
  }
  const { mean, deviation, paths } = sums
  const price = prices.length === 0 ? null : usd(prices[prices.length - 1]!)
  const walk = price !== null && prices.length > 1 ? { price, mean, deviation, paths } : undefined
  const chance = (level: number | undefined, touched: number) =>
    level === undefined || !walk ? null : wilson(touched, paths)
  return {
    start: price,
    step: { mean, deviation },
    quantiles: walk ? Array.from({ length: plan.recorded }, (_, i) => fanRow(plan.step(i), bins, i * BINS, walk)) : [],
    touch: {
      setpoint: chance(params.setpoint, sums.setpoint),
      upper: chance(params.upper, sums.upper),
      lower: chance(params.lower, sums.lower),
    },
  }
}

const QUANTILES = { p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95 } as const
const BINS_PER_DEVIATION = 16

/**
 * Quantiles of the price at one step from its bins: the bin in which the share is reached, read linearly inside it. A bin
 * is a sixteenth of the step's deviation wide, which keeps the error far below the chance of a different seed.
 */
function fanRow(
  step: number,
  bins: ArrayLike<number>,
  start: number,
  walk: { readonly price: number; readonly mean: number; readonly deviation: number; readonly paths: number },
): FanPoint {
  const deviation = walk.deviation * Math.sqrt(step)
  const at = (share: number) => {
    const place = (placeOf(share * walk.paths, bins, start) - BINS / 2) / BINS_PER_DEVIATION
    return walk.price * exp(step * walk.mean + (walk.deviation === 0 ? 0 : place * deviation))
  }
  const { p05, p25, p50, p75, p95 } = QUANTILES
  return { step, p05: at(p05), p25: at(p25), p50: at(p50), p75: at(p75), p95: at(p95) }
}

function placeOf(wanted: number, bins: ArrayLike<number>, start: number): number {
  let before = 0
  for (let bin = 0; bin < BINS; bin++) {
    const count = bins[start + bin]!
    if (before + count >= wanted && count > 0) return bin + (wanted - before) / count
    before += count
  }
  return BINS / 2
}
