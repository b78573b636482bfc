'use client'
import type { Answer } from '../../../components/rest/ask.ts'
import { useAsk } from '../../../components/rest/use-ask.ts'
import type { RowPlace, RowText } from '../../define.ts'
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

export interface Marked {
  readonly before: string
  readonly marked: string
  readonly after: string
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A row's text with the place that is wrong in it; places count bytes. */
export function markedIn({ from, text }: RowText, { byte, mark }: Bad, delimiter: string): Marked {
  const bytes = encoder.encode(text)
  const at = byte - from
  if (mark === 'row' || at < 0 || at > bytes.length) return { before: text, marked: '', after: '' }
  const before = decoder.decode(bytes.subarray(0, at))
  const rest = text.slice(before.length)
  const length = mark === 'quote' ? 1 : cellLength(rest, delimiter)
  return { before, marked: rest.slice(0, length), after: rest.slice(length) }
}

function cellLength(text: string, delimiter: string): number {
  const quoted = /^"(?:[^"]|"")*"?/.exec(text)?.[0].length ?? 0
  const end = text.indexOf(delimiter, quoted)
  return end < 0 ? text.length : end
}
