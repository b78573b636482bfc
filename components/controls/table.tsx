'use client'
import type { ComponentProps, ReactNode } from 'react'
import { whole } from '../words/count.ts'

export interface Column<Row> {
  readonly head: ReactNode
  readonly cell: (row: Row) => ReactNode
  /** Stands behind the cell where a row is a card: "rows", "a day lately". */
  readonly label?: string | ((row: Row) => string)
  /** This cell names its row. Without one in the table the first does. */
  readonly names?: true
  readonly headClass?: string
  readonly td?: ComponentProps<'td'>
  /** What one row's cell has besides. */
  readonly tdOf?: (row: Row) => ComponentProps<'td'>
}

/** How a table looks; each becomes cards where its place is narrow. */
const LOOKS = {
  /** Numbers under each other. */
  figures: 'figures-table',
  /** A place and a name first. */
  board: 'board',
  /** A long name with notes first. */
  files: 'files',
} as const

/** Rows that stand side by side, and as cards where there is no room for that. */
export function Table<Row>({
  rows,
  keyOf,
  columns,
  look = 'figures',
  caption,
  isChosen,
  className = '',
}: {
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string | number
  readonly columns: readonly (Column<Row> | null | false)[]
  readonly look?: keyof typeof LOOKS
  readonly caption?: ReactNode
  readonly isChosen?: (row: Row) => boolean
  readonly className?: string
}) {
  const shown = columns.filter((column) => column !== null && column !== false)
  const naming = shown.find(({ names }) => names) ?? shown[0]
  const table = (
    <table className={look === 'figures' ? LOOKS[look] : `${LOOKS[look]} ${className}`}>
      {caption}
      <thead>
        <tr>
          {shown.map(({ head, headClass }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their places
            <th key={place} scope="col" className={headClass}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} data-chosen={isChosen?.(row)}>
            {shown.map((column, place) => {
              const { cell, label, td, tdOf } = column
              return column === naming ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their places
                <th key={place} scope="row">
                  {cell(row)}
                </th>
              ) : (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their places
                  key={place}
                  data-label={typeof label === 'function' ? label(row) : label}
                  {...td}
                  {...tdOf?.(row)}
                >
                  {cell(row)}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
  return look === 'figures' ? <div className={`figures-box ${className}`}>{table}</div> : table
}

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
