import { count } from './count.ts'

// Durations and dates as people read them. Dates are in the viewer's zone, or in UTC where that is asked for: only what
// runs in a browser knows the viewer's zone.

/** Undefined: the viewer's. */
export type Zone = 'UTC' | undefined
/** Milliseconds since 1970, or as ISO 8601 writes it. */
export type Moment = number | string

/** "a few seconds", "40 seconds", "about 3 minutes", "about 2 hours": as exact as an estimate deserves. */
export function roughly(seconds: number): string {
  if (seconds < 5) return 'a few seconds'
  if (seconds < 55) return `${Math.ceil(seconds / 5) * 5} seconds`
  if (seconds < 90) return 'about a minute'
  if (seconds < 3300) return `about ${count(Math.round(seconds / 60), 'minute')}`
  if (seconds < 5400) return 'about an hour'
  if (seconds < 129_600) return `about ${count(Math.round(seconds / 3600), 'hour')}`
  return `about ${count(Math.round(seconds / 86_400), 'day')}`
}

/** What was measured, exactly enough: "0.43 s", "12 s", "3 min 20 s", "2 h 5 min", "3 days 4 h". */
export function took(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`
  if (seconds < 59.5) return `${Math.round(seconds)} s`
  if (seconds < 3570) return parts(seconds, 60, 'min', 1, 's')
  if (seconds < 86_370) return parts(seconds, 3600, 'h', 60, 'min')
  const hours = Math.round(seconds / 3600)
  const rest = hours % 24
  return `${count(Math.floor(hours / 24), 'day')}${rest === 0 ? '' : ` ${rest} h`}`
}

function parts(seconds: number, large: number, name: string, small: number, smallName: string): string {
  const all = Math.round(seconds / small)
  const rest = all % (large / small)
  return `${Math.floor((all * small) / large)} ${name}${rest === 0 ? '' : ` ${rest} ${smallName}`}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format takes longer than using it a hundred times. */
function formatted(at: Moment, options: Intl.DateTimeFormatOptions, zone: Zone): string {
  const key = `${JSON.stringify(options)}${zone}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', zone ? { ...options, timeZone: zone } : options)
  formats.set(key, format)
  return format.format(new Date(at))
}

/** "1 Nov 2019". */
export const day = (at: Moment, zone?: Zone) => formatted(at, { day: 'numeric', month: 'short', year: 'numeric' }, zone)

/** "Nov 2019". */
export const month = (at: Moment, zone?: Zone) => formatted(at, { month: 'short', year: 'numeric' }, zone)

/** "14:30". */
export const clock = (at: Moment, zone?: Zone) => formatted(at, { hour: '2-digit', minute: '2-digit' }, zone)

/** "14:30:15". */
export const exactClock = (at: Moment, zone?: Zone) => formatted(at, { timeStyle: 'medium' }, zone)

/** "1 Nov 2019, 14:30:15". */
export const date = (at: Moment, zone?: Zone) => `${day(at, zone)}, ${exactClock(at, zone)}`

/** "Friday, 1 November 2019 at 14:30:15 CET", for who looks closer. */
export const fullDate = (at: Moment) => formatted(at, { dateStyle: 'full', timeStyle: 'long' }, undefined)
