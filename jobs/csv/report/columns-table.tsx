'use client'
import { useState } from 'react'
import { Pager } from '../../../components/controls/pager.tsx'
import type { Column } from './columns.ts'
import { centre, KNOWN_DIGITS, rounded, whole } from './numbers.ts'
import { Strip } from './strip.tsx'

const PAGE = 25
const DIGITS = 8
/** Fewer are found by looking. */
const FILTERED_FROM = 12

/** Every column side by side: what is in it, and between what. */
export function ColumnsTable({
  columns,
  all,
  chosen,
  onChoose,
}: {
  readonly columns: readonly Column[]
  /** Statistics "all": there are figures besides the extremes. */
  readonly all: boolean
  readonly chosen: string | null
  readonly onChoose: (name: string) => void
}) {
  const [sought, setSought] = useState('')
  const [page, setPage] = useState(0)
  const found = columns.filter(({ name }) => name.toLowerCase().includes(sought.trim().toLowerCase()))
  const shown = found.slice(page * PAGE, (page + 1) * PAGE)
  return (
    <section className="mt-10" aria-labelledby="csv-columns">
      <h2 id="csv-columns">Every column</h2>
      {columns.length > FILTERED_FROM ? (
        <input
          className="field small-field no-print mt-2 max-w-xs"
          type="search"
          placeholder={`Find one of ${columns.length} columns`}
          aria-label="Find a column by its name"
          value={sought}
          onChange={(event) => {
            setSought(event.target.value)
            setPage(0)
          }}
        />
      ) : null}
      {found.length === 0 ? <p className="mt-3 text-quiet">No column has “{sought.trim()}” in its name.</p> : null}
      {found.length > 0 ? (
        <div className="figures-box mt-2">
          <table className="figures-table">
            <thead>
              <tr>
                <th scope="col">Column</th>
                {all ? (
                  <td className="w-2/5">
                    <span className="sr-only">Where its values lie</span>
                  </td>
                ) : null}
                <th scope="col">Values</th>
                <th scope="col">Empty</th>
                <th scope="col">Invalid</th>
                <th scope="col">Lowest</th>
                {all ? <th scope="col">Median</th> : null}
                {all ? <th scope="col">Mean</th> : null}
                <th scope="col">Highest</th>
                {all ? null : <th scope="col">First</th>}
                {all ? null : <th scope="col">Last</th>}
              </tr>
            </thead>
            <tbody>
              {shown.map((column) => (
                <Line key={column.name} column={column} all={all} chosen={column.name === chosen} onChoose={onChoose} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {all && found.length > 0 ? (
        <p className="mt-2 text-small text-quiet">
          The line runs from the lowest value to the highest; its mark is the mean, the tall part one standard deviation
          around it, the low part two.
        </p>
      ) : null}
      <Pager count={found.length} size={PAGE} page={page} what="columns" onPage={setPage} />
    </section>
  )
}

/** Seven columns of numbers side by side; the whole of each stands below, where a column is told in full. */
const short = (value: number) => rounded(value, DIGITS)

function Line({
  column: { name, label, figures, text },
  all,
  chosen,
  onChoose,
}: {
  readonly column: Column
  readonly all: boolean
  readonly chosen: boolean
  readonly onChoose: (name: string) => void
}) {
  const { count, empty, invalid, min, max, mean, stddev, quantiles, first, last } = figures
  const value = (one: number | null | undefined, words: (value: number) => string = short) =>
    one == null ? <span className="text-quiet">none</span> : words(one)
  const median = quantiles?.['0.5']
  return (
    <tr data-chosen={chosen}>
      <th scope="row">
        <button type="button" className="on-paper" aria-pressed={chosen} onClick={() => onChoose(name)}>
          <bdi>{label}</bdi>
        </button>
      </th>
      {all ? (
        <td aria-hidden="true">
          <Strip figures={figures} />
        </td>
      ) : null}
      <td data-label="values">{whole(count)}</td>
      <td data-label="empty">{whole(empty)}</td>
      <td data-label={text ? 'no numbers' : 'invalid'} className={invalid > 0 && !text ? 'font-semibold text-bad' : ''}>
        {whole(invalid)}
      </td>
      <td data-label="lowest">{value(min)}</td>
      {all ? <td data-label="median">{value(median, (one) => `≈ ${rounded(one, KNOWN_DIGITS)}`)}</td> : null}
      {all ? <td data-label="mean">{value(mean, (one) => centre(one, stddev))}</td> : null}
      <td data-label="highest">{value(max)}</td>
      {all ? null : <td data-label="first">{value(first?.value)}</td>}
      {all ? null : <td data-label="last">{value(last?.value)}</td>}
    </tr>
  )
}
