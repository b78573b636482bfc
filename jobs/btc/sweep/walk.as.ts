import { averages, green, red, startAverage, states } from './states.as'
import { LIMIT, position, slots, startLanes } from './lanes.as'
import { count, price, prices, reserve } from '../memory.as'
import { walk } from './values.as'

// One window of a sweep: averages, states, then every lane, block by block.

const BLOCK: i32 = 64

/** Set by the caller: 1 + tolerance and 1 − tolerance for each tolerance in use. */
export const above: usize = reserve(<usize>LIMIT << 3)
export const below: usize = reserve(<usize>LIMIT << 3)

const block: usize = reserve(<usize>BLOCK << 3)
const greens: usize = reserve(<usize>LIMIT << 3)
const reds: usize = reserve(<usize>LIMIT << 3)

let ratios: usize = 0
let window: i32 = 1
let tolerances: i32 = 0
let lanes: i32 = 0
let at: i32 = 0

/** Once per job: pₜ₊₁ / pₜ for every step. False without memory. */
export function prepareSweep(): bool {
  ratios = reserve((<usize>count << 3) + 1024)
  if (!ratios) return false
  for (let t = 0; t < count - 1; t++) store<f64>(ratios + (<usize>t << 3), price(t + 1) / price(t))
  return true
}

/** Lanes start afresh at step t ≥ window − 1. */
export function beginSweep(window_: i32, t: i32, lanes_: i32, tolerances_: i32, fee: f64): void {
  window = window_
  at = t
  lanes = lanes_
  tolerances = tolerances_
  startLanes(lanes_, fee)
  startAverage(window_, t)
}

/** Goes on with the steps before `end`, at most count − 1. */
export function proceedSweep(end: i32): void {
  while (at < end) {
    const steps = min(BLOCK, end - at)
    averages(window, at, steps, block)
    for (let i: usize = 0; i < <usize>tolerances; i++) {
      const offset = i << 3
      states(prices + (<usize>at << 3), block, steps, load<f64>(above + offset), load<f64>(below + offset))
      store<u64>(greens + offset, green)
      store<u64>(reds + offset, red)
    }
    for (let lane: usize = 0; lane < <usize>lanes; lane++) {
      const offset = <usize>load<i32>(slots + (lane << 2)) << 3
      position(lane, at, steps, load<u64>(greens + offset), load<u64>(reds + offset))
    }
    walk(ratios + (<usize>at << 3), steps)
    at += steps
  }
}
