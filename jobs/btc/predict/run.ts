import type { Runner } from '../analysis.ts'
import type { PredictParams } from '../params.ts'
import type { Wasm } from '../wasm.ts'
import { predictPlan } from './plan.ts'
import { TALLY_BYTES } from './tally.ts'

/** Predictions between two reports: some ten milliseconds, half a second on a slow board. */
const PREDICTIONS_PER_REPORT = 200_000

export function runPredict(wasm: Wasm, params: PredictParams, points: number): Runner {
  const { horizons } = params
  const plan = predictPlan(params, points)
  const stride = Math.max(1, Math.floor(PREDICTIONS_PER_REPORT / horizons.length))
  return {
    run(index, progress) {
      const { window, from, to } = plan.run(index)
      const bytes = horizons.length * TALLY_BYTES
      if (from === to) return new Uint8Array(bytes)
      new Int32Array(wasm.memory.buffer, wasm.horizons.value, horizons.length).set(horizons)
      wasm.beginPredict(window, from, horizons.length)
      for (let at = from; at < to; at = Math.min(at + stride, to)) {
        wasm.proceedPredict(Math.min(at + stride, to))
        progress((at - from) / (to - from))
      }
      return new Uint8Array(wasm.memory.buffer, wasm.tallies.value, bytes).slice()
    },
  }
}
