import { scale } from './rational.ts'

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
