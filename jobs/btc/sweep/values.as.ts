// Values of all lanes through one block, eight at a time. Every lane multiplies the same doubles in the same order as a
// loop written for it alone: a factor of 1 changes no bit.
import { reserve } from '../memory.as'
import { changeBits, drawdowns, heldBits, kept, lanes, peaks, values, WIDTH } from './lanes.as'

const lowest: usize = reserve(<usize>WIDTH << 3)
const highest: usize = reserve(<usize>WIDTH << 3)
const before: usize = reserve(<usize>WIDTH << 3)

/** Takes every lane through the block whose ratios pₜ₊₁ / pₜ start here. */
export function walk(ratios: usize, steps: i32): void {
  for (let lane = 0; lane < lanes; lane += WIDTH) {
    const at = <usize>lane << 3
    let anyHeld: u64 = 0
    let anyChange: u64 = 0
    for (let i: usize = 0; i < 64; i += 8) {
      anyHeld |= load<u64>(heldBits + at + i)
      anyChange |= load<u64>(changeBits + at + i)
    }
    if (!(anyHeld | anyChange)) continue
    memory.copy(before, values + at, 64)
    if (ASC_FEATURE_SIMD) {
      if (!anyChange) steady(at, ratios, steps)
      else if (kept == 1) moving(at, ratios, steps)
      else charged(at, ratios, steps)
    } else one8(at, ratios, steps)
    for (let i: usize = 0; i < 64; i += 8) drawdown(at, i, ratios, steps)
  }
}

/** No lane changes its position in this block: a lane holds from the first step to the last or not at all. */
function steady(at: usize, ratios: usize, steps: i32): void {
  eight(at, ratios, steps, false, false)
}

/** Positions change, for nothing. */
function moving(at: usize, ratios: usize, steps: i32): void {
  eight(at, ratios, steps, true, false)
}

/** Positions change, and each change costs the fee before the step. */
function charged(at: usize, ratios: usize, steps: i32): void {
  eight(at, ratios, steps, true, true)
}

/** Written out for each of the three above, so that a loop does nothing that its block does not need. */
@inline function eight(at: usize, ratios: usize, steps: i32, moves: bool, costs: bool): void {
  const one = f64x2.splat(1)
  const zero = i64x2.splat(0)
  const cost = v128.xor(f64x2.splat(kept), one)
  // The highest bit of a lane says whether it holds, or changes, at the step at hand.
  let m0 = v128.load(heldBits + at)
  let m1 = v128.load(heldBits + at, 16)
  let m2 = v128.load(heldBits + at, 32)
  let m3 = v128.load(heldBits + at, 48)
  let h0 = i64x2.lt_s(m0, zero), h1 = i64x2.lt_s(m1, zero), h2 = i64x2.lt_s(m2, zero), h3 = i64x2.lt_s(m3, zero)
  let c0 = v128.load(changeBits + at)
  let c1 = v128.load(changeBits + at, 16)
  let c2 = v128.load(changeBits + at, 32)
  let c3 = v128.load(changeBits + at, 48)
  let v0 = v128.load(values + at)
  let v1 = v128.load(values + at, 16)
  let v2 = v128.load(values + at, 32)
  let v3 = v128.load(values + at, 48)
  let low0 = v0, low1 = v1, low2 = v2, low3 = v3
  let high0 = v0, high1 = v1, high2 = v2, high3 = v3
  const end = ratios + (<usize>steps << 3)
  while (ratios < end) {
    const turn = v128.xor(v128.load64_splat(ratios), one)
    if (costs) {
      v0 = f64x2.mul(v0, v128.xor(one, v128.and(i64x2.lt_s(c0, zero), cost)))
      v1 = f64x2.mul(v1, v128.xor(one, v128.and(i64x2.lt_s(c1, zero), cost)))
      v2 = f64x2.mul(v2, v128.xor(one, v128.and(i64x2.lt_s(c2, zero), cost)))
      v3 = f64x2.mul(v3, v128.xor(one, v128.and(i64x2.lt_s(c3, zero), cost)))
      c0 = i64x2.add(c0, c0)
      c1 = i64x2.add(c1, c1)
      c2 = i64x2.add(c2, c2)
      c3 = i64x2.add(c3, c3)
    }
    if (moves) {
      h0 = i64x2.lt_s(m0, zero)
      h1 = i64x2.lt_s(m1, zero)
      h2 = i64x2.lt_s(m2, zero)
      h3 = i64x2.lt_s(m3, zero)
      m0 = i64x2.add(m0, m0)
      m1 = i64x2.add(m1, m1)
      m2 = i64x2.add(m2, m2)
      m3 = i64x2.add(m3, m3)
    }
    v0 = f64x2.mul(v0, v128.xor(one, v128.and(h0, turn)))
    v1 = f64x2.mul(v1, v128.xor(one, v128.and(h1, turn)))
    v2 = f64x2.mul(v2, v128.xor(one, v128.and(h2, turn)))
    v3 = f64x2.mul(v3, v128.xor(one, v128.and(h3, turn)))
    low0 = f64x2.pmin(low0, v0)
    low1 = f64x2.pmin(low1, v1)
    low2 = f64x2.pmin(low2, v2)
    low3 = f64x2.pmin(low3, v3)
    high0 = f64x2.pmax(high0, v0)
    high1 = f64x2.pmax(high1, v1)
    high2 = f64x2.pmax(high2, v2)
    high3 = f64x2.pmax(high3, v3)
    ratios += 8
  }
  v128.store(values + at, v0)
  v128.store(values + at, v1, 16)
  v128.store(values + at, v2, 32)
  v128.store(values + at, v3, 48)
  v128.store(lowest, low0)
  v128.store(lowest, low1, 16)
  v128.store(lowest, low2, 32)
  v128.store(lowest, low3, 48)
  v128.store(highest, high0)
  v128.store(highest, high1, 16)
  v128.store(highest, high2, 32)
  v128.store(highest, high3, 48)
}

/** The same without SIMD. */
function one8(at: usize, ratios: usize, steps: i32): void {
  for (let i: usize = 0; i < 64; i += 8) {
    const holding = load<u64>(heldBits + at + i)
    const changed = load<u64>(changeBits + at + i)
    let value = load<f64>(values + at + i)
    let low = value
    let high = value
    for (let step = 0; step < steps; step++) {
      const bit = <u64>1 << (63 - step)
      if (changed & bit) value *= kept
      if (holding & bit) value *= load<f64>(ratios + (<usize>step << 3))
      low = value < low ? value : low
      high = value > high ? value : high
    }
    store<f64>(values + at + i, value)
    store<f64>(lowest + i, low)
    store<f64>(highest + i, high)
  }
}

/**
 * Division rounds monotonically, so 1 − lowest / highest bounds every drawdown of the block, and is exact where the peak
 * stood still. Only a block with a new peak whose bound beats the record is walked again, step by step.
 */
@inline function drawdown(at: usize, i: usize, ratios: usize, steps: i32): void {
  const peak = load<f64>(peaks + at + i)
  const high = load<f64>(highest + i)
  const worst = load<f64>(drawdowns + at + i)
  if (high <= peak) {
    const fall = 1 - load<f64>(lowest + i) / peak
    if (fall > worst) store<f64>(drawdowns + at + i, fall)
    return
  }
  store<f64>(peaks + at + i, high)
  if (1 - load<f64>(lowest + i) / high > worst) again(at + i, load<f64>(before + i), peak, worst, ratios, steps)
}

function again(at: usize, value: f64, peak: f64, worst: f64, ratios: usize, steps: i32): void {
  const holding = load<u64>(heldBits + at)
  const changed = load<u64>(changeBits + at)
  for (let step = 0; step < steps; step++) {
    const bit = <u64>1 << (63 - step)
    if (changed & bit) value *= kept
    if (holding & bit) value *= load<f64>(ratios + (<usize>step << 3))
    if (value > peak) peak = value
    const fall = 1 - value / peak
    if (fall > worst) worst = fall
  }
  store<f64>(drawdowns + at, worst)
}
