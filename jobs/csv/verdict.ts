import { type CsvParams, roleOf } from './params.ts'
import { reasonText } from './places.ts'
import { compilePattern } from './time-pattern.ts'

// What the kernel will say of a cell, for people who look before they compute. Cells come without quotes and the spaces
// around them.

const NUMBER = { '.': /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/, ',': /^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$/ }
const MOST_EXPONENT = 400
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** Of the counts since 1970, by their codes in patterns. */
const FIRST_COUNT = 11
const NANOS = [1_000_000_000n, 1_000_000n, 1000n, 1n]
const MOST_NANOS = 9_214_646_400_000_000_000n

export function isNumber(cell: string, decimal: '.' | ','): boolean {
  return NUMBER[decimal].test(cell)
}

/** Why a cell that is not empty would be invalid in the numeric column of this name; null when it is fine. */
export function whyNoNumber(
  cell: string,
  name: string,
  { decimal, price }: { readonly decimal: '.' | ','; readonly price?: CsvParams['price'] },
): string | null {
  if (!isNumber(cell, decimal)) return reasonText(1)
  const [mantissa = '', exponent = '0'] = cell.toLowerCase().split('e')
  if (Math.abs(Number(exponent)) > MOST_EXPONENT) return reasonText(2)
  const value = Number(`${mantissa.replace(',', '.')}e${exponent}`)
  if (!Number.isFinite(value)) return reasonText(3)
  const { notNegative, priced } = roleOf(name)
  if (notNegative && value < 0) return reasonText(4)
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = price ?? {}
  return priced && (value < min || value > max) ? reasonText(5) : null
}

export function whyNoTime(cell: string, format: string): string | null {
  return isTime(cell, format) ? null : reasonText(6)
}

/** Whether a cell holds a time written like this, one that there is. */
export function isTime(cell: string, format: string): boolean {
  const pattern = compilePattern(format)
  const found = pattern.type === 'pattern' ? pattern.regex.exec(cell) : null
  if (pattern.type !== 'pattern' || !found) return false
  const nanos = NANOS[(pattern.code[0] ?? 0) - FIRST_COUNT]
  if (nanos !== undefined) return isCount(cell, nanos)
  const part = (name: string) => Number(found.groups?.[name] ?? 0)
  const [year, month, day] = [part('Y'), part('M'), part('D')]
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return (
    year >= 1678 &&
    year <= 2261 &&
    day >= 1 &&
    day <= (MONTHS[month - 1] ?? 0) + (leap ? 1 : 0) &&
    part('h') <= 23 &&
    part('m') <= 59 &&
    part('s') <= 59
  )
}

function isCount(cell: string, nanos: bigint): boolean {
  const [whole = '', fraction = ''] = cell.replace(/^-/, '').split('.')
  const digits = String(nanos).length - 1
  // Nothing is finer than a nanosecond.
  if (!/^0*$/.test(fraction.slice(digits))) return false
  return BigInt(whole) * nanos + BigInt(fraction.slice(0, digits).padEnd(digits, '0') || '0') <= MOST_NANOS
}
