// Decimal text to an exact decimal and to the nearest double. An exact decimal here is m × 10^−k with |m| < 10^18, or
// (m × 10^18 + low) × 10^−k with both below 10^18 and of one sign; longer ones are the host's (big integers).

import { decimal, everything } from './config.as'

// @ts-ignore: decorator
@external("host", "slow")
declare function hostSlow(at: usize, length: u32, slot: u32): f64
// @ts-ignore: decorator
@external("host", "double")
declare function hostDouble(m: i64, k: i32): f64

// What a cell holds: m alone; m and low; a decimal that the host keeps; no number. Of LONG and SLOW the double is known.
export const EMPTY: u32 = 0
export const FAST: u32 = 1
export const LONG: u32 = 2
export const SLOW: u32 = 3
export const INVALID: u32 = 4

export const NOT_A_NUMBER: u32 = 1
export const EXPONENT: u32 = 2
export const TOO_LARGE: u32 = 3

/** Scales −LOWEST_SCALE … HIGHEST_SCALE have an integer accumulator each; what is outside goes to the host. */
export const LOWEST_SCALE: i32 = 310
export const HIGHEST_SCALE: i32 = 345

export let m: i64 = 0
export let low: i64 = 0
export let k: i32 = 0
/** The double of what is LONG or SLOW. */
export let value: f64 = 0
export let reason: u32 = 0

/** Decimal digits of half a number. */
export const HALF: u32 = 18
export const tens = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
  10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
])
const doubles = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
])

// @ts-ignore: decorator
@inline
export function tenTo(power: u32): u64 {
  return load<u64>(tens + (<usize>power << 3))
}

/** The double nearest to m × 10^−k. One rounding: both operands are exact where the division or product is used. */
// @ts-ignore: decorator
@inline
export function toDouble(m: i64, k: i32): f64 {
  if (<u64>(m + 0x20000000000000) <= 0x40000000000000) {
    if (<u32>k <= 22) return <f64>m / load<f64>(doubles + (<usize>k << 3))
    if (<u32>-k <= 22) return <f64>m * load<f64>(doubles + (<usize>-k << 3))
  }
  return farDouble(m, k)
}

function farDouble(m: i64, k: i32): f64 {
  if (!m) return 0
  if (!isNear(-k)) return hostDouble(m, k)
  const size = nearest(m < 0 ? -m : m, -k)
  return m < 0 ? -size : size
}

/**
 * The double nearest to (high × 10^18 + rest) × 10^−k, high above 0, or to the little more that `more` stands for; NaN
 * where 19 digits do not decide it.
 */
export function longDouble(high: u64, rest: u64, k: i32, more: bool): f64 {
  let digits: u32 = 1
  while (digits <= HALF && high >= tenTo(digits)) digits++
  const room = HALF + 1 - digits
  const unit = tenTo(HALF - room)
  const first = high * tenTo(room) + rest / unit
  const q = <i32>(HALF - room) - k
  if (!isNear(q)) return NaN
  const below = nearest(first, q)
  return (!more && rest % unit == 0) || below == nearest(first + 1, q) ? below : NaN
}

/** Reads the whole of [a, b), already trimmed and not empty. */
export function parse(a: usize, b: usize, slot: u32): u32 {
  let q = a
  let c: u32 = load<u8>(q)
  const negative = c == 45
  if (negative || c == 43) q++
  let digits: u32 = 0
  let significant: u32 = 0
  let first: u64 = 0
  let second: u64 = 0
  /** A digit behind both halves that is not zero. */
  let more = false
  let fraction: i32 = 0
  let point = false
  for (; q < b; q++) {
    c = load<u8>(q)
    const digit = c - 48
    if (digit < 10) {
      digits++
      if (significant | digit) {
        if (++significant <= HALF) first = first * 10 + digit
        else if (significant <= 2 * HALF) second = second * 10 + digit
        else if (digit) more = true
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
  m = 0
  k = 0
  if (!significant) return FAST
  k = fraction - exponent
  if (k <= HIGHEST_SCALE && k >= -LOWEST_SCALE) {
    if (significant <= HALF) {
      m = negative ? -(<i64>first) : <i64>first
      return k < -280 && abs(toDouble(m, k)) == Infinity ? invalid(TOO_LARGE) : FAST
    }
    if (readLong(first, second, significant, negative, more)) return LONG
  }
  value = hostSlow(a, <u32>(b - a), slot)
  return abs(value) == Infinity ? invalid(TOO_LARGE) : SLOW
}

/** More than 18 digits, as two halves; false where those do not hold all that is asked of the number. */
function readLong(first: u64, second: u64, significant: u32, negative: bool, more: bool): bool {
  const shift = min(significant - HALF, HALF)
  const unit = tenTo(HALF - shift)
  const high = first / unit
  const rest = (first % unit) * tenTo(shift) + second
  const beyond = significant - HALF - shift
  // Without sums the double is all there is to know.
  if (beyond && everything) return false
  const size = longDouble(high, rest, k - <i32>beyond, more)
  if (size != size) return false
  m = negative ? -(<i64>high) : <i64>high
  low = negative ? -(<i64>rest) : <i64>rest
  value = negative ? -size : size
  return true
}

function invalid(why: u32): u32 {
  reason = why
  return INVALID
}

/** Powers −MOST_POWER … MOST_POWER of ten; beyond lies what no usual number needs. */
const MOST_POWER: i32 = 64
/** First 128 bits of 5^q, upper half first. */
const powersOfFive = memory.data(16 * 129, 16)

/** Where kernel.ts writes the powers of five. */
export function fives(): usize {
  return powersOfFive
}

// @ts-ignore: decorator
@inline
function isNear(q: i32): bool {
  return <u32>(q + MOST_POWER) <= <u32>(2 * MOST_POWER)
}

/** The upper half of a product; its lower half is a × b. */
// @ts-ignore: decorator
@inline
export function mulHigh(a: u64, b: u64): u64 {
  const a1 = a >>> 32
  const a0 = a & 0xffffffff
  const b1 = b >>> 32
  const b0 = b & 0xffffffff
  const middle = a1 * b0 + ((a0 * b0) >>> 32)
  const cross = a0 * b1 + (middle & 0xffffffff)
  return a1 * b1 + (middle >>> 32) + (cross >>> 32)
}

/**
 * The double nearest to w × 10^q, `w` above 0, `q` near. By D. Lemire, "Number parsing at a gigabyte per second" (2021): one
 * or two products with the first 128 bits of a power of five, always right.
 */
function nearest(w: u64, q: i32): f64 {
  const zeros = <i32>clz(w)
  const x = w << zeros
  const five = powersOfFive + (<usize>(q + MOST_POWER) << 4)
  let high = mulHigh(x, load<u64>(five))
  let low = x * load<u64>(five)
  // Nine bits lie below those of the double and the one that rounds: only where all are ones can the rest carry.
  if ((high & 511) == 511) {
    const more = mulHigh(x, load<u64>(five, 8))
    low += more
    high += <u64>(low < more)
  }
  const upper = <i32>(high >>> 63)
  const shift = upper + 9
  let mantissa = high >>> shift
  // Exactly in the middle of two doubles: to the even one.
  if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && mantissa << shift == high) mantissa &= ~1
  mantissa = (mantissa + (mantissa & 1)) >>> 1
  // 217706 / 2^16 is log2(10) as far as it matters here. A mantissa rounded up to 2^53 carries into the exponent by itself.
  const exponent = ((217706 * q) >> 16) + 63 + upper - zeros + 1022
  return reinterpret<f64>((<u64>exponent << 52) + mantissa)
}

const HUNDREDS = memory.data<u16>([100, 1, 100, 1, 100, 1, 100, 1], 16)
const MYRIADS = memory.data<u16>([10000, 1, 10000, 1, 10000, 1, 10000, 1], 16)
const TENS = memory.data<u16>([2561, 2561, 2561, 2561, 2561, 2561, 2561, 2561], 16)

/** Sixteen digits, first to last, each a byte of 0 … 9, as pairs of them: eight numbers below 100. */
// @ts-ignore: decorator
@inline
export function pairsOf(digits: v128): v128 {
  // A pair is a + 256 b; times 2561 its upper byte is 10 a + b.
  return i16x8.shr_u(i16x8.mul(digits, v128.load(TENS)), 8)
}

/** Sixteen digits as one number. */
// @ts-ignore: decorator
@inline
export function numberOf(digits: v128): u64 {
  const quads = i32x4.dot_i16x8_s(pairsOf(digits), v128.load(HUNDREDS))
  const halves = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(quads, quads), v128.load(MYRIADS))
  const both = <u64>i64x2.extract_lane(halves, 0)
  return (both & 0xffffffff) * 100000000 + (both >>> 32)
}
