import { price, reserve } from '../memory.as'

// A regression tree of price on time: at every node the split that lowers the squared error most, exactly.
//
// For a node of n prices with sum S, a split after the first m with sum L lowers it by D² / (n m (n − m)), D = n L − m S.
// D is a whole number, kept in two parts of 32 bits and more, so equal gains are seen as equal: the first one wins.

/** Where the best split of the last node searched lies: the first point of its right part, or −1 without any gain. */
export let split: i32 = -1

const left: usize = reserve(64)
const right: usize = reserve(64)

let bestHigh: i64 = 0
let bestLow: i64 = 0
let bestParts: u64 = 1

/** Searches the node [from, to); at most 10,000 points, so that parts of D stay below 2^58. */
export function search(from: i32, to: i32): void {
  split = -1
  const n = <i64>(to - from)
  const base = <i64>price(from)
  let sumHigh: i64 = 0
  let sumLow: i64 = 0
  for (let t = from + 1; t < to; t++) {
    const y = <i64>price(t) - base
    sumHigh += y >> 32
    sumLow += y & 0xffffffff
  }
  let bestGain: f64 = 0
  let high: i64 = 0
  let low: i64 = 0
  for (let t = from; t < to - 1; t++) {
    const y = <i64>price(t) - base
    high += n * (y >> 32) - sumHigh
    low += n * (y & 0xffffffff) - sumLow
    const m = <i64>(t - from + 1)
    const parts = <u64>(m * (n - m))
    // Carried over, both parts are exact doubles and their sum is rounded once.
    const carriedHigh = high + (low >> 32)
    const carriedLow = low & 0xffffffff
    const d = <f64>carriedHigh * 4294967296 + <f64>carriedLow
    const gain = (d * d) / <f64>parts
    // 2^−48: rounding of `gain` stays below 2^−50. Nearer ones are compared exactly.
    if (gain <= bestGain * (1 - 3.552713678800501e-15) || gain == 0) continue
    if (gain < bestGain * (1 + 3.552713678800501e-15) && !beats(carriedHigh, carriedLow, parts)) continue
    bestGain = gain
    bestHigh = carriedHigh
    bestLow = carriedLow
    bestParts = parts
    split = t + 1
  }
}

/** Whether D² / parts is truly larger than the best: D² × bestParts > best D² × parts, in full length. */
function beats(high: i64, low: i64, parts: u64): bool {
  full(left, high, low, bestParts)
  full(right, bestHigh, bestLow, parts)
  for (let i: isize = 6; i >= 0; i--) {
    const a = load<u32>(left + (<usize>i << 2))
    const b = load<u32>(right + (<usize>i << 2))
    if (a != b) return a > b
  }
  return false
}

/** (high × 2^32 + low)² × factor as seven limbs of 32 bits; high below 2^62, factor below 2^32. */
function full(into: usize, high: i64, low: i64, factor: u64): void {
  if (high < 0) {
    // The magnitude: −(high × 2^32 + low) with 0 ≤ low < 2^32.
    high = -high - <i64>(low != 0)
    low = low ? 0x100000000 - low : 0
  }
  const a0 = <u64>low
  const a1 = <u64>high & 0xffffffff
  const a2 = <u64>high >> 32
  memory.fill(into, 0, 64)
  accumulate(into, 0, a0 * a0, factor)
  accumulate(into, 1, a0 * a1, factor)
  accumulate(into, 1, a0 * a1, factor)
  accumulate(into, 2, a0 * a2, factor)
  accumulate(into, 2, a0 * a2, factor)
  accumulate(into, 2, a1 * a1, factor)
  accumulate(into, 3, a1 * a2, factor)
  accumulate(into, 3, a1 * a2, factor)
  accumulate(into, 4, a2 * a2, factor)
}

/** Adds product × factor × 2^(32 limb). */
function accumulate(into: usize, limb: usize, product: u64, factor: u64): void {
  const low = (product & 0xffffffff) * factor
  const high = (product >> 32) * factor
  carry(into, limb, low)
  carry(into, limb + 1, high)
}

function carry(into: usize, limb: usize, value: u64): void {
  while (value) {
    const total = <u64>load<u32>(into + (limb << 2)) + (value & 0xffffffff)
    store<u32>(into + (limb << 2), <u32>total)
    value = (value >> 32) + (total >> 32)
    limb++
  }
}
