import type { Period } from '../shapes.ts'
import { counted, rounded } from './numbers.ts'

// Times of a file are UTC, or taken for it where no zone is written: said so, and never moved into the viewer's zone.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** "1 Nov 2019". */
export function day(iso: string): string {
  const [year, month, date] = iso.slice(0, 10).split('-')
  return `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`
}

/** "1 Nov 2019, 00:00:04.25 UTC", with as much of a second as there is. */
export function moment(iso: string): string {
  const [clock = '', fraction = ''] = iso.slice(11, -1).split('.')
  const rest = fraction.replace(/0+$/, '')
  return `${day(iso)}, ${clock}${rest === '' ? '' : `.${rest}`} UTC`
}

/** "4.9 s", "3 min 20 s", "2 h 5 min", "3 days 4 h". */
export function lasting(seconds: number): string {
  if (seconds < 60) return `${rounded(seconds, 3)} s`
  const parts = (large: number, small: number, names: readonly [string, string]) => {
    const all = Math.round(seconds / small)
    const rest = all % (large / small)
    return `${Math.floor((all * small) / large)} ${names[0]}${rest === 0 ? '' : ` ${rest} ${names[1]}`}`
  }
  if (seconds < 3570) return parts(60, 1, ['min', 's'])
  if (seconds < 86_370) return parts(3600, 60, ['h', 'min'])
  const hours = Math.round(seconds / 3600)
  const rest = hours % 24
  return `${counted(Math.floor(hours / 24), 'day')}${rest === 0 ? '' : ` ${rest} h`}`
}

const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString()

/** A stretch of time in seconds since 1970, as its groups are named: "Nov 2019", "1 Nov 2019", "1 Nov 2019, 04:00 to 08:00 UTC". */
export function stretch(by: Period, from: number, to: number): string {
  const start = isoOf(from)
  if (by === 'month') {
    const months = (iso: string) => day(iso).replace(/^\d+ /, '')
    const last = months(isoOf(to - 1))
    return months(start) === last ? last : `${months(start)} to ${last}`
  }
  const last = day(isoOf(to - 1))
  if (to - from >= 86_400) return day(start) === last ? last : `${day(start)} to ${last}`
  return `${day(start)}, ${start.slice(11, 16)} to ${isoOf(to).slice(11, 16)} UTC`
}

/** Times under an axis: the coarsest words that tell neighbours apart, the larger unit where it begins. */
export function axisTimes(splits: readonly number[]): string[] {
  const apart = splits.length > 1 ? splits[1]! - splits[0]! : 86_400
  let before = ''
  return splits.map((seconds) => {
    const iso = isoOf(seconds)
    const [date = '', month = '', year = ''] = day(iso).split(' ')
    const [words, larger] =
      apart >= 31_000_000
        ? [year, '']
        : apart >= 2_400_000
          ? [month, year]
          : apart >= 86_400
            ? [`${date} ${month}`, year]
            : [iso.slice(11, 16), `${date} ${month}`]
    const label = larger === before ? words : `${words}\n${larger}`
    before = larger
    return label
  })
}
