import type { Runner } from '../analysis.ts'
import type { ForecastParams } from '../params.ts'
import { UNITS_PER_USD } from '../units.ts'
import { outOfMemory, type Wasm } from '../wasm.ts'
import { BINS, encodeCounts } from './counts.ts'
import { forecastPlan } from './plan.ts'

/** Steps between two reports: some ten milliseconds, half a second on a slow board. */
const STEPS_PER_REPORT = 500_000

export function runForecast(wasm: Wasm, params: ForecastParams, prices: Float64Array): Runner {
  const plan = forecastPlan(params)
  // Without a past step there is nothing to draw from: every path stays where it is.
  const still = prices.length < 2
  if (!still) prepare(wasm, params, plan.stride, prices[prices.length - 1]!)
  const perReport = Math.max(1, Math.floor(STEPS_PER_REPORT / params.points))
  return {
    run(index, progress) {
      const [from, to] = plan.paths(index)
      const bins = new Uint16Array(plan.recorded * BINS)
      const paths = to - from
      if (still) return encodeCounts({ mean: 0, deviation: 0, paths, setpoint: 0, upper: 0, lower: 0, bins })
      wasm.beginForecast()
      for (let at = from; at < to; at = Math.min(at + perReport, to)) {
        wasm.proceedForecast(at, Math.min(at + perReport, to))
        progress((at - from) / paths)
      }
      bins.set(new Uint32Array(wasm.memory.buffer, wasm.bins.value, bins.length))
      return encodeCounts({
        mean: wasm.mean.value,
        deviation: wasm.deviation.value,
        paths,
        setpoint: wasm.touchedSetpoint.value,
        upper: wasm.touchedUpper.value,
        lower: wasm.touchedLower.value,
        bins,
      })
    },
  }
}

function prepare(wasm: Wasm, params: ForecastParams, stride: number, last: number): void {
  const { seed, method, points } = params
  if (!wasm.prepareForecast(BigInt(seed), method === 'gbm' ? 1 : 0, points, stride)) throw outOfMemory()
  const ratio = (level: number | undefined) => (level === undefined ? Number.NaN : (level * UNITS_PER_USD) / last)
  wasm.setLevels(ratio(params.setpoint), ratio(params.upper), ratio(params.lower))
}
