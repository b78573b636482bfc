import type { Runner } from '../analysis.ts'
import type { LevelsParams } from '../params.ts'
import { outOfMemory, type Wasm } from '../wasm.ts'
import { FIT_BYTES, LEAF_BYTES } from './fits.ts'
import { levelsPlan } from './plan.ts'

/** Points looked at between two reports: some ten milliseconds, half a second on a slow board. */
const POINTS_PER_REPORT = 1_000_000

export function runLevels(wasm: Wasm, params: LevelsParams, points: number): Runner {
  const plan = levelsPlan(params, points)
  const outside = Math.round((1 - params.coverage) * 1_000_000)
  if (!wasm.prepareLevels(params.window, params.depth, plan.stride, plan.calibration, outside)) throw outOfMemory()
  const perReport = Math.max(1, Math.floor(POINTS_PER_REPORT / params.window))
  return {
    run(index, progress) {
      if (plan.fits === 0) return new Uint8Array()
      const { warm, from, to } = plan.run(index)
      wasm.beginLevels()
      for (let fit = warm; fit < to; fit++) {
        wasm.fit(fit, fit >= from ? 1 : 0)
        if (fit % perReport === 0) progress((fit - warm) / (to - warm))
      }
      const fitBytes = (to - from) * FIT_BYTES
      const last = to === plan.fits
      if (last) wasm.lastTree()
      const leafBytes = last ? wasm.leafCount.value * LEAF_BYTES : 0
      const output = new Uint8Array(fitBytes + leafBytes)
      output.set(new Uint8Array(wasm.memory.buffer, wasm.fits.value, fitBytes))
      output.set(new Uint8Array(wasm.memory.buffer, wasm.leaves.value, leafBytes), fitBytes)
      return output
    },
  }
}
