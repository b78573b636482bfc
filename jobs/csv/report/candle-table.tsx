'use client'
import { useState } from 'react'
import { Pager } from '../../../components/controls/pager.tsx'
import { Table } from '../../../components/controls/table.tsx'
import { whole } from '../../../components/words/count.ts'
import type { Period } from '../shapes.ts'
import type { Candle } from './candles.ts'
import { exact, rounded } from './numbers.ts'
import { stretch } from './times.tsx'

const PAGE = 50

/** The same candles to be read, each of them. */
export function CandleTable({ by, candles }: { readonly by: Period; readonly candles: readonly Candle[] }) {
  const [open, setOpen] = useState(false)
  const [page, setPage] = useState(0)
  const [sought, setSought] = useState('')
  const wanted = sought.trim()
  const found =
    wanted === '' ? candles : candles.filter(({ from }) => new Date(from * 1000).toISOString().startsWith(wanted))
  const volumes = candles.some(({ volume }) => volume !== null)
  return (
    <details className="no-print mt-2" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="py-2 text-small font-semibold">The {by}s as a table</summary>
      {open ? (
        <>
          {candles.length > PAGE ? (
            <input
              className="field small-field max-w-xs"
              type="search"
              placeholder="From, for example 2019-11"
              aria-label={`Find ${by}s by the beginning of their date, like 2019-11`}
              value={sought}
              onChange={(event) => {
                setSought(event.target.value)
                setPage(0)
              }}
            />
          ) : null}
          {found.length === 0 ? (
            <p className="mt-2 text-quiet">
              No {by} with values begins with “{wanted}”.
            </p>
          ) : null}
          <Table
            className="mt-2"
            rows={found.slice(page * PAGE, (page + 1) * PAGE)}
            keyOf={({ from }) => from}
            columns={[
              { head: by, cell: ({ from, to }) => stretch(by, from, to) },
              { head: 'Open', label: 'open', cell: ({ open }) => exact(open) },
              { head: 'High', label: 'high', cell: ({ high }) => exact(high) },
              { head: 'Low', label: 'low', cell: ({ low }) => exact(low) },
              { head: 'Close', label: 'close', cell: ({ close }) => exact(close) },
              volumes && {
                head: 'Volume',
                label: 'volume',
                cell: ({ volume }) => (volume === null ? 'none' : rounded(volume, 12)),
              },
              { head: 'Values', label: 'values', cell: ({ count }) => whole(count) },
            ]}
          />
          <Pager count={found.length} size={PAGE} page={page} what={`${by}s`} onPage={setPage} />
        </>
      ) : null}
    </details>
  )
}
