import { type Analysis, wilson } from '../analysis.ts'
import type { PredictParams } from '../params.ts'
import { added, checkTallies, errorsOf, nothing, predictPlan, type Tally, talliesOf } from './task.ts'

/** Predictions that earn one credit: each costs about thirty of a sweep's steps. */
const PREDICTIONS_PER_CREDIT = 300_000

/** Least-squares lines over sliding windows, read some points ahead; formulas in the kind's README. */
export const predict: Analysis<PredictParams> = {
  title: ({ windows, horizons }) => `How well ${windows.length * horizons.length} linear models foretell the price`,
  split: (params, series) => predictPlan(params, series.prices.length).tasks,
  price(params, index, output, series) {
    checkTallies(output, params.horizons.length)
    const { from, to } = predictPlan(params, series.prices.length).run(index)
    return Math.max(1, Math.ceil(((to - from) * params.horizons.length) / PREDICTIONS_PER_CREDIT))
  },
  async *json(params, outputs, series) {
    const models = await modelsOf(params, outputs, series.prices.length)
    yield `"models":${JSON.stringify(models)},"twoMinutes":${JSON.stringify(twoMinutes(series.times))}`
  },
  async *csv(params, outputs, series) {
    yield 'window,horizon,count,mae,rmse,bias,better,betterLow,betterHigh\n'
    for (const { window, horizon, count, mae, rmse, bias, better } of await modelsOf(
      params,
      outputs,
      series.prices.length,
    )) {
      yield `${[window, horizon, count, mae, rmse, bias, better.share, better.low, better.high].join(',')}\n`
    }
  },
}

async function modelsOf(params: PredictParams, outputs: AsyncIterable<Uint8Array>, points: number) {
  const { windows, horizons } = params
  const plan = predictPlan(params, points)
  const sums = windows.map(() => horizons.map((): Tally => nothing))
  let index = 0
  let place = -1
  for await (const output of outputs) {
    const { window, from } = plan.run(index++)
    if (from === window - 1) place++
    for (const [h, tally] of talliesOf(output).entries()) sums[place]![h] = added(sums[place]![h]!, tally)
  }
  return windows.flatMap((window, w) =>
    horizons.map((horizon, h) => {
      const tally = sums[w]![h]!
      return { window, horizon, count: tally.count, ...errorsOf(tally), better: wilson(tally.better, tally.count) }
    }),
  )
}

/** The middle time between neighbouring points, in seconds; null below two points. */
function medianSpacing(times: Float64Array): number | null {
  if (times.length < 2) return null
  const spacings = new Float64Array(times.length - 1)
  for (let i = 0; i < spacings.length; i++) spacings[i] = times[i + 1]! - times[i]!
  spacings.sort()
  const middle = spacings.length >> 1
  const median = spacings.length % 2 === 1 ? spacings[middle]! : (spacings[middle - 1]! + spacings[middle]!) / 2
  return median / 1000
}

/** How many points ahead two minutes are, at least one. */
function twoMinutes(times: Float64Array) {
  const spacing = medianSpacing(times)
  return { horizon: spacing ? Math.max(1, Math.round(120 / spacing)) : null, medianSpacingSeconds: spacing }
}
