import { clock, day, month } from '../../../components/words/dates.ts'
import type { Period } from '../shapes.ts'

// Times of a file are UTC, or taken for it where no zone is written: said so, and never moved into the viewer's zone.

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
