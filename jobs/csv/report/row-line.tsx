'use client'
import type { Answer } from '../../../components/rest/ask.ts'
import { useAsk } from '../../../components/rest/use-ask.ts'
import type { RowPlace, RowText } from '../../define.ts'
import { type Marked, markedIn } from './marked.ts'
import type { Bad } from './troubles.ts'

/**
 * The text of rows of a job's file, asked for again whenever other ones are looked at.
 * @param job null: not for who looks
 */
export function useRows(
  job: string | null,
  places: readonly RowPlace[],
): Answer<{ readonly items: readonly RowText[] }> | undefined {
  const at = places.map(({ row, byte }) => (byte === undefined ? row : `${row}:${byte}`)).join()
  return useAsk<{ readonly items: readonly RowText[] }>(job === null || at === '' ? null : `jobs/${job}/rows?at=${at}`)
    .answer
}

/** One row of the file as it stands there. */
export function RowLine({ job, row }: { readonly job: string; readonly row: number }) {
  const answer = useRows(job, [{ row }])
  if (answer?.type === 'refused') return <p className="text-small text-quiet">{answer.words}</p>
  return <RowAsItIs text={answer?.value.items.find((one) => one.row === row)} />
}

/** A row's text with what is wrong in it, on one line that scrolls by itself. */
export function RowAsItIs({
  text,
  bad,
  delimiter = ',',
}: {
  readonly text: RowText | undefined
  readonly bad?: Bad
  readonly delimiter?: string
}) {
  if (!text) return <code className="csv-row" aria-hidden="true" />
  const { before, marked, after }: Marked = bad
    ? markedIn(text, bad, delimiter)
    : { before: text.text, marked: '', after: '' }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
    <code className="csv-row" tabIndex={0}>
      {text.from > text.start ? '… ' : ''}
      {before}
      {marked ? <mark>{marked}</mark> : null}
      {after}
      {text.more ? ' …' : ''}
    </code>
  )
}
