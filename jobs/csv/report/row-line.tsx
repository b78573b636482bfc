'use client'
import type { RowText } from '../../define.ts'
import { type Marked, markedIn } from './marked.ts'
import type { Bad } from './troubles.ts'
import { type RowsOf, useRows } from './use-rows.tsx'

/** One row of the file as it stands there. */
export function RowLine({ rows: rowsOf, row }: { readonly rows: RowsOf; readonly row: number }) {
  const rows = useRows(rowsOf, [{ row }])
  if (rows.type === 'refused') return <p className="text-small text-quiet">{rows.words}</p>
  const text = rows.type === 'rows' ? rows.byRow.get(row) : undefined
  return <RowAsItIs text={text} />
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
