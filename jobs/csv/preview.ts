import { detect } from './detect.ts'
import { type CsvIndex, HEAD_BYTES } from './file-index.ts'
import type { CsvParams } from './params.ts'

/** What people see of a file before anything is computed: guesses, with what was chosen in their place, and first rows. */
export interface CsvPreview {
  readonly rows: number
  readonly delimiter: string
  readonly header: boolean
  /** A lone CR ends records only in files without any LF. */
  readonly lineEnd: 'lf' | 'cr'
  readonly decimal: '.' | ','
  readonly timeColumn: string | null
  readonly timeFormat: string | null
  /** In the order of the file. */
  readonly columns: readonly { readonly name: string; readonly type: 'number' | 'time' | 'text' | 'empty' }[]
  /** Columns there are beyond those listed. */
  readonly moreColumns: number
  /** The first rows, their cells as text, long ones cut. */
  readonly first: readonly (readonly string[])[]
}

const ROWS = 20
const COLUMNS = 300
const CELL_LENGTH = 100

export function preview(params: CsvParams, head: Uint8Array, index: CsvIndex): CsvPreview {
  const guessed = detect(head, head.length < HEAD_BYTES, params)
  const timeColumn = params.timeColumn === undefined ? guessed.timeColumn : params.timeColumn
  const types = new Map(guessed.names.map((name, column) => [name, guessed.types[column] ?? 'text']))
  const typeOf = (name: string) => {
    if (name === timeColumn) return 'time'
    const type = types.get(name) ?? 'text'
    return type === 'time' ? 'text' : type
  }
  return {
    rows: index.rows,
    delimiter: index.delimiter,
    header: index.header,
    lineEnd: index.lineEnd,
    decimal: params.decimal ?? guessed.decimal,
    timeColumn,
    timeFormat: timeColumn === null ? null : (params.timeFormat ?? guessed.timeFormat),
    columns: index.names.slice(0, COLUMNS).map((name) => ({ name, type: typeOf(name) })),
    moreColumns: Math.max(0, index.names.length - COLUMNS),
    first: guessed.rows.slice(0, ROWS).map((row) => row.slice(0, COLUMNS).map(shortened)),
  }
}

function shortened(cell: string): string {
  return cell.length > CELL_LENGTH ? `${cell.slice(0, CELL_LENGTH - 1)}…` : cell
}
