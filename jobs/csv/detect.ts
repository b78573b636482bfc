import { type Dialect, type LineEnd, namesOf, readRecords } from './records.ts'
import { isNumber, isTime } from './verdict.ts'

// Guesses about a file from its beginning. Every one of them can be overruled by params.

export type ColumnType = 'number' | 'time' | 'text' | 'empty'

export interface Detected {
  readonly delimiter: string
  readonly header: boolean
  readonly lineEnd: LineEnd
  readonly decimal: '.' | ','
  readonly names: readonly string[]
  readonly types: readonly ColumnType[]
  readonly timeColumn: string | null
  readonly timeFormat: string | null
  /** The first rows, cells without quotes and spaces around them. */
  readonly rows: readonly (readonly string[])[]
}

const DELIMITERS = [',', ';', '\t', '|']
const SAMPLE_RECORDS = 200
const CLOCK = '[THH:mm[:ss[.SSS]][Z]]'
/** In order of trust: the first that fits every sampled cell is taken. */
export const FORMATS = [
  'iso',
  `DD.MM.YYYY${CLOCK}`,
  `YYYY.MM.DD${CLOCK}`,
  `YYYY/MM/DD${CLOCK}`,
  'M/D/YYYY[TH:mm[:ss[.SSS]][Z]]',
  'D/M/YYYY[TH:mm[:ss[.SSS]][Z]]',
  `YYYYMMDD${CLOCK}`,
  'YYYYMMDD[THHmmss]',
]
const TIME_NAME = /time|date|stamp|zeit|datum|epoch|^ts$|^t$/i
/** Counts since 1970 are told apart by their size: from 2001 to 2286 whatever the unit. */
const COUNTS = [
  { format: 'unix', digits: 10 },
  { format: 'unix-ms', digits: 13 },
  { format: 'unix-us', digits: 16 },
  { format: 'unix-ns', digits: 19 },
]

/** What somebody decided in place of guesses. A `timeColumn` of null: there is none. */
export interface Chosen {
  readonly delimiter?: string | undefined
  readonly header?: boolean | undefined
  readonly lineEnd?: LineEnd | undefined
  readonly decimal?: '.' | ',' | undefined
  readonly timeColumn?: string | null | undefined
}

export function detect(head: Uint8Array, complete: boolean, chosen: Chosen = {}): Detected {
  const lineEnd = chosen.lineEnd ?? (!head.includes(10) && head.includes(13) ? 'cr' : 'lf')
  const delimiter = chosen.delimiter ?? likeliestDelimiter(head, lineEnd, complete)
  const records = readRecords(head, { delimiter, lineEnd }, SAMPLE_RECORDS, complete)
  const [first = [], ...rest] = records
  const decimal = chosen.decimal ?? decimalOf(records, delimiter)
  const header = chosen.header ?? looksLikeHeader(first, rest, decimal)
  const names = namesOf(first, header)
  const rows = header ? rest : records
  const columns = names.map((_, column) => rows.map((row) => row[column] ?? '').filter((cell) => cell !== ''))
  const time = chosen.timeColumn === undefined ? timeOf(names, columns) : timeIn(chosen.timeColumn, names, columns)
  const types = columns.map((cells, column): ColumnType => {
    if (cells.length === 0) return 'empty'
    if (column === time?.column) return 'time'
    return cells.filter((cell) => isNumber(cell, decimal)).length * 2 >= cells.length ? 'number' : 'text'
  })
  const timeColumn = time ? (names[time.column] ?? null) : null
  return { delimiter, header, lineEnd, decimal, names, types, timeColumn, timeFormat: time?.format ?? null, rows }
}

/** The one that cuts most records into the same number of cells, more than one; commas when none does. */
function likeliestDelimiter(head: Uint8Array, lineEnd: LineEnd, complete: boolean): string {
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const dialect: Dialect = { delimiter, lineEnd }
    const widths = readRecords(head, dialect, SAMPLE_RECORDS, complete).map((record) => record.length)
    const usual = widths.toSorted((a, b) => a - b)[widths.length >> 1] ?? 0
    if (usual < 2) continue
    const score = widths.filter((width) => width === usual).length / widths.length + usual / 1e6
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

function decimalOf(records: readonly (readonly string[])[], delimiter: string): '.' | ',' {
  if (delimiter === ',') return '.'
  const cells = records.flat()
  const commas = cells.filter((cell) => /^[+-]?\d*,\d+$/.test(cell)).length
  const points = cells.filter((cell) => /^[+-]?\d*\.\d+$/.test(cell)).length
  return commas > points ? ',' : '.'
}

/** Words on top of numbers or times, or different words where there is nothing to compare with. */
function looksLikeHeader(first: readonly string[], rest: readonly (readonly string[])[], decimal: '.' | ','): boolean {
  const isValue = (cell: string) => isNumber(cell, decimal) || formatOf([cell]) !== null
  if (first.some((cell) => cell !== '' && isValue(cell))) return false
  if (rest.length === 0) return first.some((cell) => cell !== '')
  if (rest.some((row) => row.some((cell) => cell !== '' && isValue(cell)))) return true
  return new Set(first).size === first.length && first.every((cell) => cell !== '') && first.length > 1
}

function timeOf(names: readonly string[], columns: readonly (readonly string[])[]) {
  const candidates = names
    .map((name, column) => ({ column, named: TIME_NAME.test(name) }))
    .toSorted((a, b) => Number(b.named) - Number(a.named) || a.column - b.column)
  for (const { column, named } of candidates) {
    const cells = columns[column] ?? []
    const format = formatOf(cells) ?? countOf(cells, named)
    if (format) return { column, format }
  }
  return null
}

/** How times are written in a column that somebody says holds them. */
function timeIn(name: string | null, names: readonly string[], columns: readonly (readonly string[])[]) {
  const column = name === null ? -1 : names.indexOf(name)
  if (column < 0) return null
  const cells = columns[column] ?? []
  return { column, format: formatOf(cells) ?? countOf(cells, true) }
}

/** The first format that fits nine cells of ten: logs have oddities. */
function formatOf(cells: readonly string[]): string | null {
  if (cells.length === 0) return null
  return FORMATS.find((format) => cells.filter((cell) => isTime(cell, format)).length * 10 >= cells.length * 9) ?? null
}

function countOf(cells: readonly string[], named: boolean): string | null {
  if (!named || cells.length === 0) return null
  const count = COUNTS.find(({ digits }) => cells.every((cell) => cell.split('.')[0]?.length === digits))
  return count && cells.every((cell) => /^\d+(\.\d+)?$/.test(cell)) ? count.format : null
}
