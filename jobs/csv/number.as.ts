// Decimal text to an exact decimal and to the nearest double. An exact decimal here is m × 10^−k with |m| < 10^18;
// longer ones are the host's (big integers).

import { decimal } from './config.as'

// @ts-ignore: decorator
@external("host", "slow")
declare function hostSlow(at: usize, length: u32, slot: u32): f64
// @ts-ignore: decorator
@external("host", "double")
declare function hostDouble(m: i64, k: i32): f64

export const FAST: u32 = 1
export const SLOW: u32 = 2
export const INVALID: u32 = 3

export const NOT_A_NUMBER: u32 = 1
export const EXPONENT: u32 = 2
export const TOO_LARGE: u32 = 3

/** Scales −LOWEST_SCALE … HIGHEST_SCALE have an integer accumulator each; what is outside goes to the host. */
export const LOWEST_SCALE: i32 = 310
export const HIGHEST_SCALE: i32 = 345

export let m: i64 = 0
export let k: i32 = 0
/** The double of a SLOW number. */
export let slowValue: f64 = 0
export let reason: u32 = 0

const powers = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
])

/** The double nearest to m × 10^−k. One rounding: both operands are exact where the division or product is used. */
// @ts-ignore: decorator
@inline
export function toDouble(m: i64, k: i32): f64 {
  if (<u64>(m + 0x20000000000000) <= 0x40000000000000) {
    if (<u32>k <= 22) return <f64>m / load<f64>(powers + (<usize>k << 3))
    if (<u32>-k <= 22) return <f64>m * load<f64>(powers + (<usize>-k << 3))
  } else if (k == 0) return <f64>m
  return hostDouble(m, k)
}

/** Reads the whole of [a, b), already trimmed and not empty. */
export function parse(a: usize, b: usize, slot: u32): u32 {
  let q = a
  let c: u32 = load<u8>(q)
  const negative = c == 45
  if (negative || c == 43) q++
  let digits: u32 = 0
  let significant: u32 = 0
  let value: u64 = 0
  let fraction: i32 = 0
  let point = false
  for (; q < b; q++) {
    c = load<u8>(q)
    const digit = c - 48
    if (digit < 10) {
      digits++
      if (significant | digit) {
        significant++
        if (significant <= 18) value = value * 10 + digit
      }
      if (point) fraction++
    } else if (c == decimal && !point) point = true
    else break
  }
  if (!digits) return invalid(NOT_A_NUMBER)
  let exponent: i32 = 0
  if (q < b) {
    if ((c | 32) != 101) return invalid(NOT_A_NUMBER)
    if (++q == b) return invalid(NOT_A_NUMBER)
    c = load<u8>(q)
    const below = c == 45
    if (below || c == 43) if (++q == b) return invalid(NOT_A_NUMBER)
    for (; q < b; q++) {
      const digit = <u32>load<u8>(q) - 48
      if (digit >= 10) return invalid(NOT_A_NUMBER)
      exponent = min<i32>(exponent * 10 + digit, 100000)
    }
    if (exponent > 400) return invalid(EXPONENT)
    if (below) exponent = -exponent
  }
  if (!significant) {
    m = 0
    k = 0
    return FAST
  }
  const scale = fraction - exponent
  if (significant <= 18 && scale <= HIGHEST_SCALE && scale >= -LOWEST_SCALE) {
    m = negative ? -(<i64>value) : <i64>value
    k = scale
    if (scale < -280 && abs(toDouble(m, k)) == Infinity) return invalid(TOO_LARGE)
    return FAST
  }
  slowValue = hostSlow(a, <u32>(b - a), slot)
  return abs(slowValue) == Infinity ? invalid(TOO_LARGE) : SLOW
}

function invalid(why: u32): u32 {
  reason = why
  return INVALID
}
