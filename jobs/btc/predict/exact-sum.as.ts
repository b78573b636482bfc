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
