// Numbers as people read them: grouped, with their unit, in the right number.

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

export const whole = (value: number): string => grouped.format(value)

/** Exact up to 99,999, short beyond: "1.2M". */
export const brief = (value: number): string => (value < 100_000 ? grouped.format(value) : short.format(value))

/** "1 device", "14 devices". */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${brief(value)} ${value === 1 ? one : many}`

/**
 * A share, 0…1, as "34 %", or as "33.8 %" where it is fine; never 100 % before it is whole, never 0 % of something.
 * Not a number, as a part of nothing is: "0 %". What is not known is said so.
 */
export function percent(share: number | null, fine?: 'fine'): string {
  if (share === null) return 'unknown'
  if (share >= 1) return '100 %'
  if (!(share > 0)) return '0 %'
  if (fine === undefined) return share < 0.01 ? 'under 1 %' : `${Math.min(99, Math.round(share * 100))} %`
  if (share < 0.0001) return 'under 0.01 %'
  return share > 0.999 ? 'over 99.9 %' : ratio(share, share < 0.1 ? 2 : 3)
}

/** A share with its interval of confidence: "33.8 % (33.2 % to 34.5 %)". */
export function interval({ share, low, high }: Readonly<Record<'share' | 'low' | 'high', number | null>>): string {
  if (share === null) return 'unknown'
  return `${percent(share, 'fine')} (${percent(low ?? 0, 'fine')} to ${percent(high ?? 1, 'fine')})`
}

/** What may be negative or above one, to so many significant digits: "−3.21 %", "0.005 %". */
export function ratio(value: number, digits = 3): string {
  return `${String(Number((value * 100).toPrecision(digits))).replace('-', '−')} %`
}

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const wholeDollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 })

/** "$9,111.76", "−$0.31"; what is not known is said so. */
export function usd(value: number | null): string {
  if (value === null) return 'unknown'
  return `${value <= -0.005 ? '−' : ''}${dollars.format(Math.abs(value))}`
}

/** With its sign: "+$4.20", "−$0.31". */
export const change = (value: number): string => `${value < 0 ? '−' : '+'}${dollars.format(Math.abs(value))}`

/** Beside an axis: without cents where there are none. */
export const axisUsd = (value: number): string =>
  value >= 100 && Number.isInteger(value) ? wholeDollars.format(value) : dollars.format(value)

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

export function bytes(value: number): string {
  let unit = 0
  let rest = value
  while (rest >= 1000 && unit < UNITS.length - 1) {
    rest /= 1000
    unit++
  }
  return `${unit === 0 || rest >= 100 ? Math.round(rest) : rest.toFixed(1)} ${UNITS[unit]}`
}
