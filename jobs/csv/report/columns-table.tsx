'use client'
import { useState } from 'react'
import { Pager, Table } from '../../../components/controls/table.tsx'
import { whole } from '../../../components/words/count.ts'
import type { ColumnResult } from '../shapes.ts'
import type { Column } from './columns.ts'
import { centre, KNOWN_DIGITS, rounded } from './words.tsx'

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
        <Table
          className="mt-2"
          rows={shown}
          keyOf={({ name }) => name}
          isChosen={({ name }) => name === chosen}
          columns={[
            {
              head: 'Column',
              cell: ({ name, label }) => (
                <button
                  type="button"
                  className="on-paper"
                  aria-pressed={name === chosen}
                  onClick={() => onChoose(name)}
                >
                  <bdi>{label}</bdi>
                </button>
              ),
            },
            all && {
              head: <span className="sr-only">Where its values lie</span>,
              cell: ({ figures }) => <Strip figures={figures} />,
              headClass: 'w-2/5',
              td: { 'aria-hidden': true },
            },
            { head: 'Values', label: 'values', cell: ({ figures }) => whole(figures.count) },
            { head: 'Empty', label: 'empty', cell: ({ figures }) => whole(figures.empty) },
            {
              head: 'Invalid',
              label: ({ text }) => (text ? 'no numbers' : 'invalid'),
              cell: ({ figures }) => whole(figures.invalid),
              tdOf: ({ figures, text }) =>
                figures.invalid > 0 && !text ? { className: 'font-semibold text-bad' } : {},
            },
            { head: 'Lowest', label: 'lowest', cell: ({ figures }) => known(figures.min) },
            all && {
              head: 'Median',
              label: 'median',
              cell: ({ figures }) => known(figures.quantiles?.['0.5'], (one) => `≈ ${rounded(one, KNOWN_DIGITS)}`),
            },
            all && {
              head: 'Mean',
              label: 'mean',
              cell: ({ figures }) => known(figures.mean, (one) => centre(one, figures.stddev)),
            },
            { head: 'Highest', label: 'highest', cell: ({ figures }) => known(figures.max) },
            !all && { head: 'First', label: 'first', cell: ({ figures }) => known(figures.first?.value) },
            !all && { head: 'Last', label: 'last', cell: ({ figures }) => known(figures.last?.value) },
          ]}
        />
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

function known(one: number | null | undefined, words: (value: number) => string = short) {
  return one == null ? <span className="text-quiet">none</span> : words(one)
}

type Figures = Pick<ColumnResult, 'min' | 'max' | 'mean' | 'stddev'>

/** A column at a glance, from its lowest to its highest value: the mean, and one and two standard deviations around it. */
export function Strip({ figures: { min, max, mean, stddev } }: { readonly figures: Figures }) {
  if (min === null || max === null || mean == null || stddev == null || max === min)
    return <span className="csv-strip" />
  const at = (value: number) => Math.min(100, Math.max(0, (100 * (value / 2 - min / 2)) / (max / 2 - min / 2)))
  const around = (deviations: number) => {
    const left = at(mean - deviations * stddev)
    return { left: `${left}%`, width: `${at(mean + deviations * stddev) - left}%` }
  }
  return (
    <span className="csv-strip">
      <i data-part="two" style={around(2)} />
      <i data-part="one" style={around(1)} />
      <i data-part="mean" style={{ left: `${at(mean)}%` }} />
    </span>
  )
}
