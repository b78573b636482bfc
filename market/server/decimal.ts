import { MAX_UNITS } from '../../jobs/btc/units.ts'

const DECIMAL = /^\+?(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/
const DECIMALS = 8

/**
 * A price's decimal text in units of 10⁻⁸ USD, exact to the eighth decimal and rounded half up beyond it; undefined for
 * anything that is no price: no number, zero, negative, or above $90,000,000.
 */
export function unitsOf(text: string): number | undefined {
  const match = DECIMAL.exec(text)
  if (!match) return undefined
  const [, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  // The decimal point's place among the digits, in units.
  const digits = whole + fraction
  const place = whole.length + Number(exponent) + DECIMALS
  if (place > digits.length + 32) return undefined
  const kept = place <= 0 ? '' : digits.slice(0, place).padEnd(place, '0')
  const significant = kept.replace(/^0+/, '')
  if (significant.length > 16) return undefined
  const roundsUp = place >= 0 && (digits[place] ?? '0') >= '5'
  const units = Number(significant) + (roundsUp ? 1 : 0)
  return units > 0 && units <= MAX_UNITS ? units : undefined
}
