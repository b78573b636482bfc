// Numbers as people read them: grouped, with their unit, in the right number.

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

export const whole = (value: number): string => grouped.format(value)

/** Exact up to 99,999, short beyond: "1.2M". */
export const brief = (value: number): string => (value < 100_000 ? grouped.format(value) : short.format(value))

/** "1 device", "14 devices". */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${brief(value)} ${value === 1 ? one : many}`

/** 0…1 as "34 %"; never 100 % before it is whole, never 0 % of something. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return 'under 1 %'
  if (share < 1) return `${Math.min(99, Math.round(share * 100))} %`
  return '100 %'
}

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
