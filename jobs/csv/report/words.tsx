import { clock, day, month } from '../../../components/words/dates.ts'
import type { Period } from '../shapes.ts'

// Numbers as people read them: grouped, with a real minus, with no more digits than are known. Times of a file are UTC, or
// taken for it where no zone is written: said so, and never moved into the viewer's zone.

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** Every digit of a double, as short as it can be said: "1,234.5", "−0.25", "1.2 × 10⁻⁷". */
export function exact(value: number): string {
  const [mantissa = '', exponent] = String(Math.abs(value)).split('e')
  const [whole = '', fraction] = mantissa.split('.')
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`)
  return (value < 0 ? '−' : '') + digits + (exponent === undefined ? '' : ` × 10${raised(exponent)}`)
}

function raised(exponent: string): string {
  return exponent.replace(/[+-]/g, (sign) => (sign === '-' ? '⁻' : '')).replace(/\d/g, (digit) => SUPERSCRIPT[+digit]!)
}

/** To so many significant digits. */
export function rounded(value: number, digits: number): string {
  return exact(Number(value.toPrecision(digits)))
}

/** A mean as exact as the values around it let it mean something: to a thousandth of their standard deviation. */
export function centre(value: number, deviation: number | null | undefined): string {
  if (!deviation || value === 0) return exact(value)
  const digits = Math.ceil(Math.log10(Math.abs(value) / deviation)) + 3
  return rounded(value, Math.min(Math.max(digits, 3), 17))
}

/** Quantiles are known to 2⁻⁷ of themselves, distinct values to a few percent: three digits say all of it. */
export const KNOWN_DIGITS = 3

const whole = (value: number): string => exact(Math.round(value))

/** "1 row", "90,000 rows". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${whole(value)} ${value === 1 ? one : many}`
}

/** "1 Nov 2019, 00:00:04.25 UTC", with as much of a second as there is. */
export function moment(iso: string): string {
  const [time = '', fraction = ''] = iso.slice(11, -1).split('.')
  const rest = fraction.replace(/0+$/, '')
  return `${day(iso, 'UTC')}, ${time}${rest === '' ? '' : `.${rest}`} UTC`
}

/** A stretch of time in seconds since 1970, as its groups are named: "Nov 2019", "1 Nov 2019", "1 Nov 2019, 04:00 to 08:00 UTC". */
export function stretch(by: Period, from: number, to: number): string {
  const [start, end] = [from * 1000, to * 1000]
  const words = by === 'month' ? month : day
  const first = words(start, 'UTC')
  const last = words(end - 1000, 'UTC')
  if (by === 'month' || to - from >= 86_400) return first === last ? last : `${first} to ${last}`
  return `${first}, ${clock(start, 'UTC')} to ${clock(end, 'UTC')} UTC`
}
