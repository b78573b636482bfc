/** An exact fraction; `den` > 0, not necessarily in lowest terms. */
export interface Rational {
  readonly num: bigint
  readonly den: bigint
}

/** What {@link rational} reads: sign, digits with an optional point, optional exponent. */
export const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

// Beyond these powers of ten a value is out of range for a double or for any fixed point used here, and writing it out
// as a fraction would only cost time: larger is infinite, smaller is zero.
const LARGEST_POWER = 400
const SMALLEST_POWER = -2000

/**
 * The exact value of a decimal string (matching {@link DECIMAL}) or of a finite double. `null` when it is at least
 * 1e400; a decimal below 1e-2000 counts as zero.
 */
export function rational(value: number | string): Rational | null {
  return typeof value === 'number' ? ofDouble(value) : ofDecimal(value)
}

function ofDouble(value: number): Rational {
  if (Number.isInteger(value)) return { num: BigInt(value), den: 1n }
  const cell = new DataView(new ArrayBuffer(8))
  cell.setFloat64(0, value)
  const bits = cell.getBigUint64(0)
  const biased = (bits >> 52n) & 2047n
  const mantissa = (bits & 0xfffffffffffffn) | (biased ? 1n << 52n : 0n)
  // A double that is no whole number has a negative power of two.
  return { num: value < 0 ? -mantissa : mantissa, den: 1n << (1075n - (biased || 1n)) }
}

function ofDecimal(text: string): Rational | null {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const negative = mantissa.startsWith('-')
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits === '') return { num: 0n, den: 1n }
  const power = Number(exponent) - fraction.length
  if (digits.length + power > LARGEST_POWER) return null
  if (digits.length + power < SMALLEST_POWER) return { num: 0n, den: 1n }
  const num = negative ? -BigInt(digits) : BigInt(digits)
  return power >= 0 ? { num: num * 10n ** BigInt(power), den: 1n } : { num, den: 10n ** BigInt(-power) }
}

/** The nearest double, ties to even; ±Infinity when out of range. Unlike `Number(text)` this is exact for any length. */
export function nearestDouble({ num, den }: Rational): number {
  if (num < 0n) return -nearestDouble({ num: -num, den })
  if (num === 0n) return 0
  // 65 or 66 bits of quotient, the lowest made odd when anything is cut off: Number() then rounds as if it saw it all.
  const shift = bitLength(den) - bitLength(num) + 65
  // Below the normal range the last place is fixed at 2^−1074, so round there and nowhere else.
  if (shift > 1086) return Number(roundedQuotient(num << 1074n, den)) * Number.MIN_VALUE
  const up = shift > 0 ? num << BigInt(shift) : num
  const down = shift < 0 ? den << BigInt(-shift) : den
  const quotient = up / down
  return scale(Number(quotient * down === up ? quotient : quotient | 1n), -shift)
}

/** Fixed point with `bits` fraction bits, nearest, ties upwards. */
export function fixedPoint({ num, den }: Rational, bits: number): bigint {
  const up = (num << BigInt(bits + 1)) + den
  const down = den << 1n
  const quotient = up / down
  return quotient * down > up ? quotient - 1n : quotient
}

/** `value` × 2^`power`, exact where the result is a normal double. */
export function scale(value: number, power: number): number {
  let result = value
  for (let left = power; left < 0; left += Math.min(-left, 1000)) result *= powerOfTwo(-Math.min(-left, 1000))
  for (let left = power; left > 0; left -= Math.min(left, 1000)) result *= powerOfTwo(Math.min(left, 1000))
  return result
}

// Not `2 ** power`: engines may round that as they like.
function powerOfTwo(power: number): number {
  const cell = new DataView(new ArrayBuffer(8))
  cell.setUint32(0, (power + 1023) << 20)
  return cell.getFloat64(0)
}

function roundedQuotient(num: bigint, den: bigint): bigint {
  const quotient = num / den
  const twice = (num - quotient * den) * 2n
  return twice > den || (twice === den && quotient & 1n) ? quotient + 1n : quotient
}

function bitLength(value: bigint): number {
  const hex = value.toString(16)
  return hex.length * 4 - (Math.clz32(Number.parseInt(hex[0] as string, 16)) - 28)
}
