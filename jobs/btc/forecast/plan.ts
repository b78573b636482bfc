import type { ForecastParams } from '../params.ts'

/** Steps per task, about 80 ms of a laptop core. */
const STEPS_PER_TASK = 4_194_304
/** Counts travel as 16 bits. */
const MAX_PATHS = 65_535
const FEWEST_TASKS = 16
/** Rows of the fan chart; 256 counts each are just under 256 KB. */
const MAX_RECORDED = 500

export interface ForecastPlan {
  readonly tasks: number
  /** Steps between two recorded ones; the last step is always recorded. */
  readonly stride: number
  readonly recorded: number
  step(row: number): number
  paths(index: number): readonly [from: number, to: number]
}

export function forecastPlan({ paths, points }: ForecastParams): ForecastPlan {
  const size = Math.max(1, Math.min(Math.floor(STEPS_PER_TASK / points), MAX_PATHS, Math.ceil(paths / FEWEST_TASKS)))
  const stride = Math.ceil(points / MAX_RECORDED)
  return {
    tasks: Math.ceil(paths / size),
    stride,
    recorded: Math.ceil(points / stride),
    step: (row) => Math.min((row + 1) * stride, points),
    paths: (index) => [index * size, Math.min((index + 1) * size, paths)],
  }
}
