// The double nearest to w × 10^q, by D. Lemire, "Number parsing at a gigabyte per second" (2021): one or two products with
// the first 128 bits of a power of five, always right.

/** Powers −MOST … MOST of ten; beyond lies what no usual number needs. */
const MOST: i32 = 64
/** First 128 bits of 5^q, upper half first; kernel.ts fills it. */
const powersOfFive = memory.data(16 * 129, 16)

export function fivesAt(): usize {
  return powersOfFive
}

// @ts-ignore: decorator
@inline
export function isNear(q: i32): bool {
  return <u32>(q + MOST) <= <u32>(2 * MOST)
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

/** `w` above 0, `q` near. */
export function nearest(w: u64, q: i32): f64 {
  const zeros = <i32>clz(w)
  const x = w << zeros
  const five = powersOfFive + (<usize>(q + MOST) << 4)
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
