import { MOST_COLUMNS, roleOf } from '../params.ts'
import type { CsvPreview } from '../preview.ts'

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
