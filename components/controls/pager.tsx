'use client'
import { whole } from '../words/count.ts'

/** Where one is in a long list, and the way on. Nothing where everything is on one page. */
export function Pager({
  count,
  size,
  page,
  what,
  onPage,
}: {
  readonly count: number
  readonly size: number
  /** From 0. */
  readonly page: number
  /** What is listed, for example "rows". */
  readonly what: string
  readonly onPage: (page: number) => void
}) {
  if (count <= size) return null
  const pages = Math.ceil(count / size)
  const last = Math.min(count, (page + 1) * size)
  return (
    <nav aria-label={`Pages of ${what}`} className="mt-3 flex flex-wrap items-center gap-2 text-small">
      <button type="button" className="do small-do" disabled={page === 0} onClick={() => onPage(page - 1)}>
        Before
      </button>
      <button type="button" className="do small-do" disabled={page >= pages - 1} onClick={() => onPage(page + 1)}>
        After
      </button>
      <span role="status" className="figures text-quiet">
        {whole(page * size + 1)} to {whole(last)} of {whole(count)} {what}
      </span>
    </nav>
  )
}
