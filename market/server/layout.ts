import { unitsOf } from './decimal.ts'
import { timeOf, wallTime } from './time.ts'
import type { Zone } from './zone.ts'

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
