// The fractal kernel. Built twice: with SIMD (eight lanes) and without; both give the same bits.
import { finished, maxIterations, setTile, total } from './task.as'
import { partialDeep, runDeep, startDeep } from './deep.as'
import { partialLanes, runLanes, startLanes } from './lanes.as'
import { partialShallow, runShallow, startShallow } from './shallow.as'

export { escapes, pixels, setShortcuts, setView, stays, unclear } from './task.as'
export { reserveOrbit, setReference } from './deep.as'
export { beginExact, exactIterations, proceedExact } from './exact.as'

/** Begins a task: this rectangle of the picture. */
export function begin(x: i32, y: i32, width: i32, height: i32): void {
  setTile(x, y, width, height)
  startDeep()
  if (ASC_FEATURE_SIMD) startLanes()
  else startShallow()
}

/** Goes on for about `budget` × 64 iterations; true when the task is done. The way it is cut changes no bit. */
export function proceed(budget: i32, deep: bool, careful: bool): bool {
  if (deep) return runDeep(budget)
  if (ASC_FEATURE_SIMD) return runLanes(budget, careful)
  return runShallow(budget)
}

/** Share of the task that is done, 0 … 1. */
export function share(deep: bool): f64 {
  const partial = deep ? partialDeep() : ASC_FEATURE_SIMD ? partialLanes() : partialShallow()
  return (<f64>finished + partial / <f64>maxIterations) / <f64>total
}
