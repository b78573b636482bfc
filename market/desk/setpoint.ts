import { type Share, wilson } from '../../jobs/btc/wilson.ts'

/** Fewer past errors than this say nothing worth showing. */
const ENOUGH = 30

/**
 * The chance that the price then lies above the setpoint: the share of past errors that would have carried this
 * prediction there. Null while there are too few.
 */
export function chanceAbove(setpoint: number, prediction: number, errors: readonly number[]): Share | null {
  if (errors.length < ENOUGH) return null
  return wilson(errors.filter((error) => prediction + error > setpoint).length, errors.length)
}
