import { reserve } from '../memory.as'

// Whole numbers of 128 bits (two's complement, low word first, 16 bytes at an address) and their exact quotients.

export function newWide(): usize {
  return reserve(16)
}

@inline export function setWide(at: usize, value: i64): void {
  store<u64>(at, <u64>value)
  store<i64>(at, value >> 63, 8)
}

@inline export function addWide(into: usize, a: usize): void {
  const low = load<u64>(into) + load<u64>(a)
  store<i64>(into, load<i64>(into, 8) + load<i64>(a, 8) + <i64>(low < load<u64>(a)), 8)
  store<u64>(into, low)
}

@inline export function addWord(into: usize, value: i64): void {
  const low = load<u64>(into) + <u64>value
  store<i64>(into, load<i64>(into, 8) + (value >> 63) + <i64>(low < <u64>value), 8)
  store<u64>(into, low)
}

/** into = a × factor, for factor ≥ 0; right while the product fits. */
@inline export function timesWord(into: usize, a: usize, factor: i64): void {
  const low = load<u64>(a)
  store<i64>(into, <i64>highProduct(low, <u64>factor) + load<i64>(a, 8) * factor, 8)
  store<u64>(into, low * <u64>factor)
}

/** The upper 64 bits of a × b. */
function highProduct(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff
  const aHigh = a >> 32
  const bLow = b & 0xffffffff
  const bHigh = b >> 32
  const middle = aHigh * bLow + ((aLow * bLow) >> 32)
  const carry = (middle & 0xffffffff) + aLow * bHigh
  return aHigh * bHigh + (middle >> 32) + (carry >> 32)
}

/** The double nearest to numerator / denominator (> 0), ties to even: the exact quotient rounded once. */
export function quotient(numerator: usize, denominator: u64): f64 {
  let low = load<u64>(numerator)
  let high = load<u64>(numerator, 8)
  const negative = <i64>high < 0
  if (negative) {
    high = ~high + <u64>(low == 0)
    low = 0 - low
  }
  if (!(high | low)) return 0
  // The numerator's first bit to 126, the divisor's to 63: the quotient then has 63 or 64 bits.
  const zeros = <i32>(high ? clz(high) : 64 + clz(low)) - 1
  if (zeros >= 64) {
    high = low << (zeros - 64)
    low = 0
  } else if (zeros > 0) {
    high = (high << zeros) | (low >> (64 - zeros))
    low <<= zeros
  }
  const shift = <i32>clz(denominator)
  const bits = divide(high, low, denominator << shift)
  // At least ten bits lie below the one that decides, so the lowest can say whether anything was cut off. The power of
  // two that is taken back is between 2^−126 and 2^63: no underflow.
  const value = <f64>bits * reinterpret<f64>(<u64>(1023 + shift - zeros) << 52)
  return negative ? -value : value
}

/** (high × 2^64 + low) / divisor, the lowest bit set when it does not come out even; the divisor has its first bit set, high < divisor. */
function divide(high: u64, low: u64, divisor: u64): u64 {
  const first = digit(high, low >> 32, divisor)
  // Wraps around, and the difference fits again.
  const rest = ((high << 32) | (low >> 32)) - first * divisor
  const second = digit(rest, low & 0xffffffff, divisor)
  const last = ((rest << 32) | (low & 0xffffffff)) - second * divisor
  return ((first << 32) | second) | <u64>(last != 0)
}

/** One digit to base 2^32 of (high × 2^32 + next) / divisor: schoolbook, the guess is at most two too large. */
function digit(high: u64, next: u64, divisor: u64): u64 {
  const top = divisor >> 32
  const bottom = divisor & 0xffffffff
  let guess = high / top
  let rest = high - guess * top
  while (guess >= 0x100000000 || guess * bottom > ((rest << 32) | next)) {
    guess--
    rest += top
    if (rest >= 0x100000000) break
  }
  return guess
}

// Exact sums of doubles: eleven limbs of weight 2^(32 i − 160) each, kept in 64 bits without carrying. Every double whose
// last place is at least 2^−160 and whose sum stays below 2^190 is added without rounding, so any order and any cutting
// of the additions gives the same total. A limb grows by less than 2^33 an addition: 2^30 additions fit.

export const LIMBS: i32 = 11

const LOWEST_POWER: i32 = -160

export function addDouble(limbs: usize, value: f64): void {
  const bits = reinterpret<u64>(value)
  const exponent = <i32>((bits >> 52) & 2047)
  // Zero; errors and their squares are never subnormal.
  if (!exponent) return
  const mantissa = (bits & 0x000fffffffffffff) | 0x0010000000000000
  const shift = exponent - 1075 - LOWEST_POWER
  const at = limbs + (<usize>(shift >> 5) << 3)
  const low = (mantissa & 0xffffffff) << (shift & 31)
  const high = (mantissa >> 32) << (shift & 31)
  const first = <i64>(low & 0xffffffff)
  const second = <i64>((low >> 32) + (high & 0xffffffff))
  const third = <i64>(high >> 32)
  const sign: i64 = <i64>bits < 0 ? -1 : 1
  store<i64>(at, load<i64>(at) + sign * first)
  store<i64>(at, load<i64>(at, 8) + sign * second, 8)
  store<i64>(at, load<i64>(at, 16) + sign * third, 16)
}
