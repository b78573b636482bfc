import { scale } from './rational.ts'

const cell = new DataView(new ArrayBuffer(8))

/**
 * The binary logarithm from + − × ÷ alone, so that it has the same bits on every engine (`Math.log2` has not). For finite
 * x > 0; error below 3 units in the last place.
 *
 * x = 2^e × m with √½ ≤ m < √2, and ln m = 2 artanh f with f = (m − 1) / (m + 1), |f| ≤ 0.1716, as a series to f^21.
 */
export function log2(x: number): number {
  const subnormal = x < 2.2250738585072014e-308
  cell.setFloat64(0, subnormal ? x * 18014398509481984 : x)
  const high = cell.getUint32(0)
  let e = (subnormal ? -54 : 0) + (high >>> 20) - 1023
  cell.setUint32(0, (high & 0xfffff) | 0x3ff00000)
  let m = cell.getFloat64(0)
  if (m >= Math.SQRT2) {
    m *= 0.5
    e += 1
  }
  const f = (m - 1) / (m + 1)
  const g = f * f
  let sum = 1 / 21
  for (let divisor = 19; divisor >= 1; divisor -= 2) sum = sum * g + 1 / divisor
  return e + f * sum * 2.8853900817779268
}

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10

/**
 * e^x from + − × ÷ alone, so that it has the same bits on every engine (`Math.exp` has not); error below 2 units in the
 * last place. x = k ln 2 + r with |r| ≤ 0.35, Taylor's series of e^r to r^14, × 2^k. Beyond ±745 it is 0 or infinite.
 */
export function exp(x: number): number {
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY
  if (x < -745.2) return 0
  const k = Math.floor(x * Math.LOG2E + 0.5)
  const r = x - k * LN2_HIGH - k * LN2_LOW
  let sum = 1
  for (let i = 14; i >= 1; i--) sum = 1 + (sum * r) / i
  return scale(sum, k)
}
