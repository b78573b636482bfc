import type { Completed } from '../define.ts'
import type { CsvIndex } from './file-index.ts'
import { type CsvParams, type Layout, MOST_COLUMNS, tooMany } from './params.ts'
import { BLOCK_BYTES } from './records.ts'

interface Issue {
  readonly path: string
  readonly message: string
}

/** Puts params and file together: which column is where, or what is wrong. */
export function complete(params: CsvParams, index: CsvIndex): Completed<CsvParams> {
  const { names, delimiter, lineEnd, detected } = index
  const refuse = (...issues: Issue[]): Completed<CsvParams> => ({ type: 'refused', issues })
  const unreadable = whyUnreadable(index)
  if (unreadable) return refuse({ path: 'file', message: unreadable })

  const unknown = (params.columns ?? [])
    .map((name, at): Issue => ({ path: `columns.${at}`, message: noColumn(name, names) }))
    .filter((_, at) => !names.includes(params.columns?.[at] ?? ''))
  const timeName = params.timeColumn === undefined ? detected.timeColumn : params.timeColumn
  if (timeName !== null && !names.includes(timeName))
    unknown.push({ path: 'timeColumn', message: noColumn(timeName, names) })
  if (unknown.length > 0) return refuse(...unknown)

  const format = params.timeFormat ?? (timeName === detected.timeColumn ? detected.timeFormat : null)
  if (timeName !== null && format === null)
    return refuse({ path: 'timeFormat', message: `Say how the times in "${timeName}" are written.` })
  if (timeName === null && params.groupBy !== undefined)
    return refuse({ path: 'groupBy', message: 'Groups by time need a time column, and this file has none.' })

  const decimal = params.decimal ?? detected.decimal
  if (decimal === delimiter)
    return refuse({ path: 'decimal', message: 'The comma already separates the cells of this file.' })

  const chosen = params.columns && new Set(params.columns)
  const numeric = names
    .map((name, column) => ({ name, column }))
    .filter(({ name }) => name !== timeName && (!chosen || chosen.has(name)))
  if (numeric.length > MOST_COLUMNS[params.statistics]) {
    const message = `The file has ${names.length} columns. ${tooMany(params.statistics)}`
    return refuse({ path: 'columns', message })
  }
  const time = timeName === null ? null : { name: timeName, column: names.indexOf(timeName), format: format ?? 'iso' }
  const layout: Layout = {
    delimiter: delimiter.charCodeAt(0),
    decimal: decimal.charCodeAt(0),
    lineEnd,
    columns: names.length,
    numeric,
    time,
  }
  return { type: 'completed', params: { ...params, layout } }
}

function whyUnreadable({ bytes, names, starts }: CsvIndex): string | null {
  if (bytes === 0) return 'The file is empty: there is nothing to compute.'
  if (names.length > 0) return null
  if (bytes <= BLOCK_BYTES) return 'No columns were found: the file holds only blank lines.'
  // Blank lines start a record at every byte or two, so one of them right behind the first block.
  if ((starts[1] ?? bytes) > BLOCK_BYTES + 2)
    return 'The first line is longer than 1 MiB, so no columns can be told from it. A CSV file has its records on lines.'
  return 'No columns were found: the file begins with more than 1 MiB of blank lines.'
}

function noColumn(name: string, names: readonly string[]): string {
  const known = names.slice(0, 12).map((other) => `"${other}"`)
  const more = names.length > known.length ? ` and ${names.length - known.length} more` : ''
  return `The file has no column "${name}". It has ${known.join(', ')}${more}.`
}
