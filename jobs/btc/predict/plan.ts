import type { PredictParams } from '../params.ts'

/** Predictions per task, about 100 ms of a laptop core. */
const PREDICTIONS_PER_TASK = 2_097_152

/** Runs of windows' ends: task `index` predicts with one window, at the points `[from, to)`. */
export interface PredictPlan {
  readonly tasks: number
  run(index: number): { readonly window: number; readonly from: number; readonly to: number }
}

export function predictPlan({ windows, horizons }: PredictParams, points: number): PredictPlan {
  const size = Math.max(Math.floor(PREDICTIONS_PER_TASK / horizons.length), 1)
  const nearest = Math.min(...horizons)
  // A window too long for the series still has one task, which counts nothing.
  const pieces = windows.map((window) => Math.max(Math.ceil((points - nearest - window + 1) / size), 1))
  return {
    tasks: pieces.reduce((sum, count) => sum + count, 0),
    run(index) {
      let left = index
      let place = 0
      for (; left >= pieces[place]!; place++) left -= pieces[place]!
      const window = windows[place]!
      const from = window - 1 + left * size
      return { window, from, to: Math.max(from, Math.min(from + size, points - nearest)) }
    },
  }
}
