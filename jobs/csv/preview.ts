import { detect } from './detect.ts'
import { type CsvIndex, HEAD_BYTES } from './file-index.ts'
import type { CsvParams } from './params.ts'
import { reasonText, TOO_LONG } from './places.ts'
import { MOST_RECORD_BYTES, readRecord } from './records.ts'
import { whyNoNumber, whyNoTime } from './verdict.ts'

/** What people see of a file before anything is computed: guesses, with what was chosen in their place, and first rows. */
export interface CsvPreview extends Guesses {
  /** Null while only the beginning was read in this dialect. */
  readonly rows: number | null
  /** What each of them would be if it alone had not been chosen. */
  readonly guessed: Guesses
  /** A lone CR ends records only in files without any LF. */
  readonly lineEnd: 'lf' | 'cr'
  /** Ends of lines in the beginning, in the order they appear. */
  readonly lineEnds: readonly ('LF' | 'CRLF' | 'CR')[]
  /** Whether cells in the beginning stand in quotes. */
  readonly quotes: boolean
  /** In the order of the file. */
  readonly columns: readonly { readonly name: string; readonly type: 'number' | 'time' | 'text' | 'empty' }[]
  /** Columns there are beyond those listed. */
  readonly moreColumns: number
  /** The first rows, their first cells as text, long ones cut. */
  readonly first: readonly (readonly string[])[]
  /** Cells among them that would be invalid, were their column computed. */
  readonly wrong: readonly (readonly [row: number, column: number, reason: string])[]
}

interface Guesses {
  readonly delimiter: string
  readonly header: boolean
  readonly decimal: '.' | ','
  readonly timeColumn: string | null
  readonly timeFormat: string | null
}

const ROWS = 20
/** Names of columns are chosen from; their cells are only looked at. */
const NAMES = 10_000
const CELLS = 300
const CELL_LENGTH = 100

/** @param whole false: `index` is of the head alone */
export function preview(params: CsvParams, head: Uint8Array, index: CsvIndex, whole: boolean): CsvPreview {
  const complete = head.length < HEAD_BYTES
  const { delimiter, header, lineEnd, names, detected } = index
  const { timeColumn = detected.timeColumn, decimal = detected.decimal } = params
  const seen = detect(head, complete, { delimiter, header, lineEnd, decimal, timeColumn })
  const timeFormat = timeColumn === null ? null : (params.timeFormat ?? seen.timeFormat)
  const { rows, lineEnds, quotes } = look(head, complete, index)
  return {
    rows: whole ? index.rows : null,
    delimiter,
    header,
    lineEnd,
    lineEnds,
    quotes,
    decimal,
    timeColumn,
    timeFormat,
    guessed: { ...guesses(params, head, complete, index), timeFormat: seen.timeFormat },
    columns: names.slice(0, NAMES).map((name, column) => ({ name, type: seen.types[column] ?? 'text' })),
    moreColumns: Math.max(0, names.length - NAMES),
    first: rows.map(({ cells }) => cells.slice(0, CELLS).map(shortened)),
    wrong: rows.flatMap(({ cells, long }, row) =>
      cells.slice(0, Math.min(CELLS, names.length)).flatMap((cell, column) => {
        const name = names[column] ?? ''
        const reason = long
          ? reasonText(TOO_LONG)
          : cell === ''
            ? null
            : name === timeColumn
              ? timeFormat && whyNoTime(cell, timeFormat)
              : whyNoNumber(cell, name, { decimal, price: params.price })
        return reason ? [[row, column, reason] as const] : []
      }),
    ),
  }
}

/** Guesses follow from each other: each is made with what was chosen before it. */
function guesses(params: CsvParams, head: Uint8Array, complete: boolean, index: CsvIndex): Omit<Guesses, 'timeFormat'> {
  const { delimiter, header, detected } = index
  return {
    delimiter: params.delimiter === undefined ? delimiter : detect(head, complete).delimiter,
    header: params.header === undefined ? header : detect(head, complete, { delimiter }).header,
    decimal: detected.decimal,
    timeColumn: detected.timeColumn,
  }
}

interface Seen extends Pick<CsvPreview, 'lineEnds' | 'quotes'> {
  readonly rows: readonly { readonly cells: readonly string[]; readonly long: boolean }[]
}

const QUOTE = 34

/** The first rows as they will be counted, and how they are written. */
function look(head: Uint8Array, complete: boolean, { delimiter, lineEnd, dataStart, names }: CsvIndex): Seen {
  const separator = delimiter.charCodeAt(0)
  const rows: { cells: readonly string[]; long: boolean }[] = []
  const lineEnds = new Set<'LF' | 'CRLF' | 'CR'>()
  let quotes = false
  for (let at = 0; at < head.length && rows.length < ROWS; ) {
    const { cells, end, next, ended, blank } = readRecord(head, at, { delimiter, lineEnd })
    const long = end - at > MOST_RECORD_BYTES
    if (!ended && !complete && !long) break
    for (let i = at; i < next && !quotes; i++) quotes = head[i] === QUOTE && (i === at || head[i - 1] === separator)
    if (ended) lineEnds.add(lineEnd === 'cr' ? 'CR' : next - end === 2 ? 'CRLF' : 'LF')
    if (at >= dataStart && (!blank || names.length === 1)) rows.push({ cells, long })
    at = next
  }
  return { rows, lineEnds: [...lineEnds], quotes }
}

/** Whole characters, whatever they are made of. */
function shortened(cell: string): string {
  const characters = [...cell.slice(0, 2 * (CELL_LENGTH + 1))]
  return characters.length > CELL_LENGTH ? `${characters.slice(0, CELL_LENGTH - 1).join('')}…` : cell
}
