'use client'
import { memo } from 'react'
import { whole } from '../../../components/words/count.ts'
import type { CsvPreview } from '../preview.ts'
import { TYPES } from './words.ts'

/** More would scroll for ever and make every change slow; all of them can still be computed. */
const SHOWN = 100

/** The first rows as they will be read. Columns that are not computed are quiet, cells that would be invalid marked. */
export const RowsTable = memo(function RowsTable({
  preview,
  chosen,
  busy,
}: {
  readonly preview: CsvPreview
  readonly chosen: readonly string[]
  readonly busy: boolean
}) {
  const { columns, first, timeColumn } = preview
  if (columns.length === 0) return <p className="text-quiet">There is nothing to show of this file.</p>
  const computed = new Set(chosen)
  const uses = columns.slice(0, SHOWN).map(({ name }) => (name === timeColumn ? 'time' : computed.has(name)))
  const reasons = new Map(
    preview.wrong.filter(([, column]) => uses[column]).map(([row, column, why]) => [`${row} ${column}`, why]),
  )
  const beyond = columns.length + preview.moreColumns - uses.length
  return (
    <div aria-busy={busy} className="min-w-0">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
      <section className="csv-rows" aria-label="The first rows of the file" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Row</th>
              {columns.slice(0, SHOWN).map(({ name, type }, column) => (
                <th key={name} scope="col" data-use={uses[column]} data-type={type}>
                  <bdi title={name}>{name}</bdi>
                  <span className="text-quiet">{uses[column] ? TYPES[type] : `${TYPES[type]}, left out`}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {first.map((cells, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its number
              <tr key={row}>
                <th scope="row">
                  {row}
                  {cells.length > columns.length ? (
                    <span className="text-bad">
                      {' '}
                      +{cells.length - columns.length}
                      <span className="sr-only"> cells too many</span>
                    </span>
                  ) : null}
                </th>
                {uses.map((use, column) => (
                  <Cell
                    key={columns[column]?.name}
                    text={cells[column] ?? ''}
                    use={use}
                    type={columns[column]?.type}
                    why={reasons.get(`${row} ${column}`)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="mt-2 text-small text-quiet" role="status">
        {wordsFor(preview, [...reasons.values()])}
        {beyond > 0 ? ` The first ${SHOWN} of ${whole(uses.length + beyond)} columns are shown.` : ''}
      </p>
    </div>
  )
})

function Cell({
  text,
  use,
  type,
  why,
}: {
  readonly text: string
  readonly use: boolean | 'time' | undefined
  readonly type: string | undefined
  readonly why: string | undefined
}) {
  return (
    <td data-use={use} data-type={type} data-wrong={why === undefined ? undefined : ''} title={text}>
      {text === '' ? <i>empty</i> : <bdi>{text}</bdi>}
      {why === undefined ? null : <em>{why}</em>}
    </td>
  )
}

/** "Rows are counted from 0. 3 cells here would be invalid: not a number, below zero." */
function wordsFor(preview: CsvPreview, reasons: readonly string[]): string {
  const { first, columns, rows } = preview
  if (first.length === 0) return rows === 0 ? 'There are no rows below the first line.' : 'No row could be shown.'
  const ragged = first.some((cells) => cells.length > columns.length && preview.moreColumns === 0)
  const counted = `Rows are counted from 0, as in the result.${ragged ? ' What stands behind the last column is left out.' : ''}`
  if (preview.timeColumn !== null && preview.timeFormat === null)
    return `${counted} How the times are written is not known.`
  if (reasons.length === 0) return `${counted} Every cell shown can be read.`
  const which = [...new Set(reasons)].join(', ')
  return `${counted} ${reasons.length} ${reasons.length === 1 ? 'cell' : 'cells'} shown would be invalid: ${which}.`
}
