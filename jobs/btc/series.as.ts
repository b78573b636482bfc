// The series at hand: prices in units of 10⁻⁸ as doubles (all are whole numbers below 2^53).
import { reserve } from './memory.as'

// State masks and lanes read in blocks; what lies behind the last price is read but never used.
const BEHIND: usize = 1024

export let count: i32 = 0
export let prices: usize = 0

/** Room for this many prices; the caller copies them in. */
export function reservePrices(points: i32): usize {
  count = points
  prices = reserve((<usize>points << 3) + BEHIND)
  return prices
}

@inline export function price(t: i32): f64 {
  return load<f64>(prices + (<usize>t << 3))
}
