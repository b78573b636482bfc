import type { AnyKind, RowPlace, RowText } from '../../jobs/define.ts'
import type { JobFacts } from '../job-facts.ts'
import { inputOf } from './input.ts'
import { readRange } from './read-range.ts'

/** Rows of a job's input, read from this disk one after the other; those that are not there are left out. */
export async function rowsOf(kind: AnyKind, facts: JobFacts, places: readonly RowPlace[]): Promise<RowText[]> {
  const input = inputOf(kind, facts)
  const read = (start: number, end: number) => readRange(facts.input!.text, start, end)
  const rows: RowText[] = []
  for (const place of places) {
    const row = await kind.input?.row?.(facts.params, place, input, read)
    if (row) rows.push(row)
  }
  return rows
}
