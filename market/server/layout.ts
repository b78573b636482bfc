import { unitsOf } from './feed.ts'

/** How the rows of an import are read. */
export interface Layout {
  /** Whether the line that told the layout is itself a row. */
  readonly firstIsRow: boolean
  read(line: string): Row
}

/** A row's point, or why it has none. */
type Row = { readonly at: number; readonly units: number } | 'unreadable' | 'price'

const TIME_NAMES = [
  'time',
  'timestamp',
  'date',
  'datetime',
  'unix',
  'unixtime',
  'opentime',
  'localtime',
  'utctime',
  'gmttime',
  'ts',
  't',
]
const PRICE_NAMES = ['close', 'closeprice', 'price', 'last', 'lastprice', 'priceusd', 'usd', 'value', 'c', 'ask', 'bid']

// $9116.46⇥$9116.46⇥$0.0⇥[2:4:53 - 11/1/2019]: price, average, delta, local time; fields are not padded.
const LOG = /^\s*\$([^\t$[]+)\t.*\[(\d{1,2}):(\d{1,2}):(\d{1,2}) - (\d{1,2})\/(\d{1,2})\/(\d{4})\]\s*$/

/** The layout told by the first line that is not blank; a sentence when it tells none. */
export function layoutOf(line: string, zone: Zone): Layout | string {
  if (LOG.test(line)) return { firstIsRow: true, read: (row) => logRow(row, zone) }
  const delimiter = [',', ';', '\t', '|']
    .map((mark) => ({ mark, count: line.split(mark).length }))
    .reduce((most, next) => (next.count > most.count ? next : most)).mark
  const names = cells(line, delimiter).map((name) => name.toLowerCase().replace(/[^a-z]/g, ''))
  const time = firstOf(TIME_NAMES, names)
  const price = firstOf(PRICE_NAMES, names)
  if (time === undefined || price === undefined) {
    const missing = time === undefined ? (price === undefined ? 'a time and a price' : 'a time') : 'a price'
    const looked = line.length > 100 ? `${line.slice(0, 97)}…` : line
    return `The first line must name the columns, among them ${missing} (or close, for candles). It is: ${looked}`
  }
  // Some exports have the day and the time of day apart.
  const day = names[time] === 'time' ? names.indexOf('date') : -1
  return { firstIsRow: false, read: (row) => csvRow(cells(row, delimiter), time, day, price, zone) }
}

function firstOf(wanted: readonly string[], names: readonly string[]): number | undefined {
  const found = wanted.map((name) => names.indexOf(name)).find((place) => place >= 0)
  return found
}

function csvRow(row: readonly string[], time: number, day: number, price: number, zone: Zone): Row {
  const text = row[time] ?? ''
  const at = timeOf(text, zone) ?? (day >= 0 ? timeOf(`${row[day] ?? ''} ${text}`, zone) : undefined)
  if (at === undefined) return 'unreadable'
  return point(at, row[price] ?? '')
}

function logRow(line: string, zone: Zone): Row {
  const match = LOG.exec(line)
  if (!match) return 'unreadable'
  const [hour = 0, minute = 0, second = 0, month = 0, date = 0, year = 0] = match.slice(2).map(Number)
  const wall = wallTime([year, month, date, hour, minute, second])
  return wall === undefined ? 'unreadable' : point(zone(wall), match[1] ?? '')
}

/** What is no price at all is unreadable; zero, negative, NaN and absurd ones are prices that do not count. */
function point(at: number, text: string): Row {
  const units = unitsOf(text)
  if (units !== undefined) return { at, units }
  return /^[+-]?(\d|\.\d|nan$|inf)/i.test(text) ? 'price' : 'unreadable'
}

/** Quotes around a cell go; a delimiter inside quotes does not cut. */
function cells(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter).map((cell) => cell.trim())
  const found: string[] = []
  let cell = ''
  let quoted = false
  for (const letter of line) {
    if (letter === '"') quoted = !quoted
    else if (letter === delimiter && !quoted) {
      found.push(cell.trim())
      cell = ''
    } else cell += letter
  }
  found.push(cell.trim())
  return found
}

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
function timeOf(text: string, zone: Zone): number | undefined {
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
function wallTime(
  parts: readonly [year: number, month: number, day: number, hour: number, minute: number, second: number],
): number | undefined {
  const [year, month, day, hour, minute, second] = parts
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const date = new Date(ms)
  const same =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour <= 23 && minute <= 59 && second <= 59
  return same && Number.isFinite(ms) ? ms : undefined
}

// Local wall-clock times to UTC. Wall times that a zone's clock shows twice mean the first; those it skips are read with
// the offset from before the jump.

const HOUR_MS = 3_600_000
const OFFSET = /^([+-])(\d\d):?(\d\d)$/

/** Turns a wall-clock time, given as the UTC time that would read the same, into UTC milliseconds. */
export type Zone = (wallMs: number) => number

/** `UTC`, an offset like `+01:00`, or a name like `Europe/Berlin`; undefined for anything else. */
export function zoneOf(name: string): Zone | undefined {
  if (/^(utc|z|gmt)$/i.test(name)) return (wallMs) => wallMs
  const offset = OFFSET.exec(name)
  if (offset) {
    const ms = (Number(offset[2]) * 60 + Number(offset[3])) * 60_000 * (offset[1] === '-' ? -1 : 1)
    return (wallMs) => wallMs - ms
  }
  try {
    return named(name)
  } catch {
    return undefined
  }
}

function named(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const offsets = new Map<number, number>()
  // Asking is slow and imports are long: offsets change on quarter hours at most.
  function offsetAt(utcMs: number): number {
    const quarter = Math.floor(utcMs / (HOUR_MS / 4))
    const known = offsets.get(quarter)
    if (known !== undefined) return known
    const at = quarter * (HOUR_MS / 4)
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - at
    offsets.set(quarter, offset)
    return offset
  }
  return (wallMs) => {
    const before = offsetAt(wallMs - 24 * HOUR_MS)
    const after = offsetAt(wallMs + 24 * HOUR_MS)
    if (before === after) return wallMs - before
    const early = wallMs - before
    if (offsetAt(early) === before) return early
    const late = wallMs - after
    return offsetAt(late) === after ? late : early
  }
}
