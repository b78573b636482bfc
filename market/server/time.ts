import type { Zone } from './zone.ts'

// 2026-11-21 · 2026-11-21T09:30 · 2026-11-21 09:30:15.250 · …Z · …+01:00 · … UTC · 2026/11/21
const ISO =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i
const UNIX = /^\d{1,19}(?:\.\d+)?$/

// 1973 in milliseconds is 1 × 10¹¹; seconds reach that in the year 5138.
const FIRST_MILLISECONDS = 1e11
const FIRST_MICROSECONDS = 1e14
const FIRST_NANOSECONDS = 1e17
/** The latest time a Date can be made of. */
const LAST_MS = 8.64e15

/** ISO 8601, or Unix seconds, milliseconds, micro- or nanoseconds by their size; whole milliseconds since 1970, UTC. */
export function timeOf(text: string, zone: Zone): number | undefined {
  const iso = ISO.exec(text)
  if (iso) return isoTime(iso, zone)
  if (!UNIX.test(text)) return undefined
  const value = Number(text)
  if (value < FIRST_MILLISECONDS) return Math.round(value * 1000)
  if (value < FIRST_MICROSECONDS) return Math.round(value)
  const ms = Math.round(value < FIRST_NANOSECONDS ? value / 1000 : value / 1e6)
  return ms <= LAST_MS ? ms : undefined
}

function isoTime(match: RegExpExecArray, zone: Zone): number | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match
  const wall = wallTime(
    [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number],
  )
  if (wall === undefined) return undefined
  const ms = wall + Math.floor(Number(`0.${fraction || '0'}`) * 1000)
  if (offset === undefined) return zone(ms)
  const parts = /([+-])(\d\d):?(\d\d)?/.exec(offset)
  if (!parts) return ms
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0)
  return ms - minutes * 60_000 * (parts[1] === '-' ? -1 : 1)
}

/** As if it were UTC; undefined for a day or an hour that no calendar has. */
export function wallTime(
  parts: readonly [year: number, month: number, day: number, hour: number, minute: number, second: number],
): number | undefined {
  const [year, month, day, hour, minute, second] = parts
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const date = new Date(ms)
  const same =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour <= 23 && minute <= 59 && second <= 59
  return same && Number.isFinite(ms) ? ms : undefined
}
