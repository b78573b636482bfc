import type { CsvResult } from '../shapes.ts'
import type { Column } from './columns.ts'
import { readWords, wrongWords } from './headline.ts'
import type { Trouble } from './troubles.ts'

/** The result in two sentences. */
export function Lead({
  result,
  columns,
  troubles,
}: {
  readonly result: CsvResult
  readonly columns: readonly Column[]
  readonly troubles: readonly Trouble[]
}) {
  const seen = troubles.some(({ places, harmless }) => places.length > 0 && !harmless)
  return (
    <div className="max-w-3xl">
      <h2>{readWords(result, columns)}</h2>
      <p className="mt-1">
        {wrongWords(result, troubles)} {seen ? <a href="#wrong">Look at what was wrong</a> : null}
      </p>
    </div>
  )
}
