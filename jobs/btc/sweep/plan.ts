import type { SweepParams } from '../params.ts'

/** Steps of all lanes together, about 60 ms of a laptop core. */
const STEPS_PER_TASK = 67_108_864
/** Lanes a device walks side by side; 4096 cells are 128 KB of output. */
const MAX_CELLS = 4096
/** A small job is cut at least this often while there are windows, so that a room can share it. */
const FEWEST_TASKS = 32

/** The grid's cells in order, windows outermost and holds innermost, cut into runs. */
export interface SweepPlan {
  readonly tasks: number
  readonly perWindow: number
  /** Cells `[from, to)` of a task; of one window, or of several whole ones. */
  cells(index: number): readonly [from: number, to: number]
}

export function sweepPlan({ windows, tolerances, holds }: SweepParams, points: number): SweepPlan {
  const perWindow = tolerances.length * holds.length
  const steps = perWindow * Math.max(points, 1)
  const parts = Math.max(Math.ceil(steps / STEPS_PER_TASK), Math.ceil(perWindow / MAX_CELLS))
  if (parts > 1) {
    const size = Math.ceil(perWindow / parts)
    const pieces = Math.ceil(perWindow / size)
    const cells = (index: number) => {
      const start = Math.floor(index / pieces) * perWindow
      const from = (index % pieces) * size
      return [start + from, start + Math.min(from + size, perWindow)] as const
    }
    return { tasks: windows.length * pieces, perWindow, cells }
  }
  const together = Math.min(
    Math.max(Math.floor(STEPS_PER_TASK / steps), 1),
    Math.max(Math.floor(MAX_CELLS / perWindow), 1),
    Math.ceil(windows.length / FEWEST_TASKS),
  )
  const total = windows.length * perWindow
  const size = together * perWindow
  const cells = (index: number) => [index * size, Math.min((index + 1) * size, total)] as const
  return { tasks: Math.ceil(windows.length / together), perWindow, cells }
}

/** The prices the walk-forward learns from: ⌊7n / 10⌋. */
export function learningPoints(points: number): number {
  return Math.floor((7 * points) / 10)
}
