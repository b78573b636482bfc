import { UNITS_PER_USD } from '../../jobs/btc/units.ts'
import { nearestDouble } from '../../jobs/math/rational.ts'

/** Least squares of price on time over the points since a model's start. */
export interface Line {
  readonly points: number
  /** Time (ms) of its first point; null without any. */
  readonly since: number | null
  add(at: number, units: number): void
  /** The line at a time, in USD; null below two points, or when all have one time. */
  value(at: number): number | null
  /** In USD per second. */
  slope(): number | null
}

/** All sums are whole numbers of any length, so a value is the textbook's exact fraction, rounded once. */
export function newLine(): Line {
  let points = 0
  let since: number | null = null
  let x1 = 0n
  let x2 = 0n
  let y1 = 0n
  let xy = 0n
  const determinant = () => BigInt(points) * x2 - x1 * x1
  const steepness = () => BigInt(points) * xy - x1 * y1
  const perUsd = BigInt(UNITS_PER_USD)
  return {
    get points() {
      return points
    },
    get since() {
      return since
    },
    add(at, units) {
      since ??= at
      const x = BigInt(at - since)
      const y = BigInt(units)
      points++
      x1 += x
      x2 += x * x
      y1 += y
      xy += x * y
    },
    value(at) {
      const den = determinant()
      if (den === 0n || since === null) return null
      const x = BigInt(Math.round(at - since))
      return nearestDouble({ num: y1 * x2 - x1 * xy + steepness() * x, den: den * perUsd })
    },
    slope() {
      const den = determinant()
      return den === 0n ? null : nearestDouble({ num: steepness() * 1000n, den: den * perUsd })
    },
  }
}
