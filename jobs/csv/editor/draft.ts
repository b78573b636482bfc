import { type CsvParams, MOST_COLUMNS, roleOf, schema } from '../params.ts'
import type { CsvPreview } from '../preview.ts'

// What a person has typed and chosen so far, whatever it is, and the params it amounts to.

/** One of the guesses about a file, or what stands in its place. */
export type Pick =
  | { readonly type: 'guessed' }
  | { readonly type: 'none' }
  | { readonly type: 'picked'; readonly text: string }
  | { readonly type: 'typed'; readonly text: string }

export interface Draft {
  /** Empty until one is chosen. */
  readonly file: string
  readonly delimiter: Pick
  readonly header: '' | 'yes' | 'no'
  readonly decimal: '' | '.' | ','
  readonly timeColumn: Pick
  readonly timeFormat: Pick
  readonly statistics: CsvParams['statistics']
  /** Null: nobody has chosen any. */
  readonly columns: readonly string[] | null
  readonly priceMin: string
  readonly priceMax: string
  readonly bins: string
  readonly histogramMin: string
  readonly histogramMax: string
  readonly groupBy: '' | 'hour' | 'day' | 'month'
}

export const GUESSED: Pick = { type: 'guessed' }

/** Another file is read by other guesses, and has other columns. */
export const AFRESH = {
  delimiter: GUESSED,
  header: '',
  decimal: '',
  timeColumn: GUESSED,
  timeFormat: GUESSED,
  columns: null,
} as const satisfies Partial<Draft>

const EMPTY: Draft = {
  ...AFRESH,
  ...{ file: '', statistics: 'all', priceMin: '', priceMax: '', bins: '', histogramMin: '', histogramMax: '' },
  groupBy: '',
}

const textOf = (value: number | undefined): string => (value === undefined ? '' : String(value))
const pickOf = (text: string): Pick => ({ type: 'picked', text })

/** What these params say, in place of what was typed before; what they leave open stays as it was. */
export function draftOf(params: CsvParams, before: Draft = EMPTY): Draft {
  const { file, delimiter, header, decimal, timeColumn, timeFormat, columns, price, histogram, groupBy } = params
  return {
    ...before,
    ...{ file, statistics: params.statistics },
    ...(delimiter === undefined ? {} : { delimiter: pickOf(delimiter) }),
    ...(header === undefined ? {} : { header: header ? 'yes' : 'no' }),
    ...(decimal === undefined ? {} : { decimal }),
    ...(timeColumn === undefined ? {} : { timeColumn: timeColumn === null ? { type: 'none' } : pickOf(timeColumn) }),
    ...(timeFormat === undefined ? {} : { timeFormat: pickOf(timeFormat) }),
    ...(columns === undefined ? {} : { columns }),
    ...(price === undefined ? {} : { priceMin: textOf(price.min), priceMax: textOf(price.max) }),
    ...(histogram === undefined
      ? {}
      : { bins: textOf(histogram.bins), histogramMin: textOf(histogram.min), histogramMax: textOf(histogram.max) }),
    ...(groupBy === undefined ? {} : { groupBy }),
  }
}

/** How the file is read, as far as somebody has decided it; and the range of prices, which cells are judged by. */
export function readingOf(draft: Draft): Readonly<Record<string, unknown>> {
  return {
    ...chosen('delimiter', draft.delimiter),
    ...(draft.header === '' ? {} : { header: draft.header === 'yes' }),
    ...(draft.decimal === '' ? {} : { decimal: draft.decimal }),
    ...chosen('timeColumn', draft.timeColumn),
    ...(draft.timeColumn.type === 'none' ? {} : chosen('timeFormat', draft.timeFormat)),
    ...numbers('price', { min: draft.priceMin, max: draft.priceMax }),
  }
}

/** As far as the schema accepts it: what it refuses is complained of at its field, and the file is read without it. */
export function understood(reading: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const wrong = schema.safeParse({ ...reading, file: 'f' }).error?.issues.map(({ path }) => path[0]) ?? []
  return Object.fromEntries(Object.entries(reading).filter(([name]) => !wrong.includes(name)))
}

/** Everything typed, as params: numbers where they are some, else the text, for the schema to complain about. */
export function paramsOf(draft: Draft, seen: CsvPreview | null): Readonly<Record<string, unknown>> {
  const { file, statistics, groupBy, bins, histogramMin: min, histogramMax: max } = draft
  const columns = seen ? columnsParam(chosenColumns(draft, seen), seen) : (draft.columns ?? undefined)
  return {
    ...(file === '' ? {} : { file }),
    statistics,
    ...readingOf(draft),
    ...formatOf(draft, seen),
    ...(columns === undefined ? {} : { columns }),
    ...(statistics === 'all' ? numbers('histogram', { bins, min, max }) : {}),
    ...(statistics === 'all' && groupBy !== '' ? { groupBy } : {}),
  }
}

/** The pool guesses the format of the time column it found; of another one it is ours to say what was seen in it. */
function formatOf({ timeColumn, timeFormat }: Draft, seen: CsvPreview | null): { readonly timeFormat?: string } {
  const ours = timeFormat.type === 'guessed' && (timeColumn.type === 'picked' || timeColumn.type === 'typed')
  if (!ours || seen?.timeColumn !== timeColumn.text || seen.guessed.timeFormat === null) return {}
  return { timeFormat: seen.guessed.timeFormat }
}

function chosen(name: string, pick: Pick): Readonly<Record<string, unknown>> {
  if (pick.type === 'guessed') return {}
  return { [name]: pick.type === 'none' ? null : pick.text }
}

function numbers(name: string, typed: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const given = Object.entries(typed).filter(([, text]) => text.trim() !== '')
  return given.length === 0 ? {} : { [name]: Object.fromEntries(given.map(([key, text]) => [key, numberOf(text)])) }
}

function numberOf(text: string): number | string {
  const plain = text.trim().replace('−', '-')
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(plain) ? Number(plain) : Number.NaN
  return Number.isFinite(value) ? value : text
}

// Which columns are computed.

interface Choice {
  readonly statistics: 'extremes' | 'all'
  /** Null: nobody has chosen any. */
  readonly columns: readonly string[] | null
}

/** Columns that can be computed, in the order of the file: all but the time, as far as they are listed. */
export function candidates({ columns, timeColumn }: CsvPreview): CsvPreview['columns'] {
  return columns.filter(({ name }) => name !== timeColumn)
}

/** Those that hold no words; where all do, all of them. */
export function numericOf(seen: CsvPreview): readonly string[] {
  const all = candidates(seen)
  const numeric = all.filter(({ type }) => type !== 'text')
  return (numeric.length > 0 ? numeric : all).map(({ name }) => name)
}

const PRICE = /price|^(ask|bid|open|high|low|close|last|mid|rate|value)$/i

/** Columns somebody means who asks for the lowest or highest price. */
export function priceLike(seen: CsvPreview): readonly string[] {
  return candidates(seen)
    .filter(({ name, type }) => type === 'number' && PRICE.test(name) && !roleOf(name).volume)
    .map(({ name }) => name)
}

/**
 * Their names. Until somebody chooses: those that hold no words, as many as one job may have. Chosen ones that are not in
 * the file as it is now read are left out, and come back when they are.
 */
export function chosenColumns({ statistics, columns }: Choice, seen: CsvPreview): readonly string[] {
  const known = new Set(candidates(seen).map(({ name }) => name))
  const unlisted = (name: string) => seen.moreColumns > 0 && name !== seen.timeColumn
  const there = columns?.filter((name) => known.has(name) || unlisted(name))
  if (there && (there.length > 0 || columns?.length === 0)) return there
  return numericOf(seen).slice(0, MOST_COLUMNS[statistics])
}

/** As a job's params say it: nothing where every column is meant. */
export function columnsParam(chosen: readonly string[], seen: CsvPreview): readonly string[] | undefined {
  if (chosen.length === 0 && candidates(seen).length === 0) return undefined
  const every = seen.moreColumns === 0 && chosen.length === candidates(seen).length
  return every ? undefined : chosen
}
