'use client'
import { useState } from 'react'
import { Pager } from '../../../components/controls/pager.tsx'
import type { Period } from '../shapes.ts'
import type { Candle } from './candles.ts'
import { exact, rounded, whole } from './numbers.ts'
import { stretch } from './times.ts'

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
          <div className="figures-box mt-2">
            <table className="figures-table">
              <thead>
                <tr>
                  <th scope="col">{by}</th>
                  <th scope="col">Open</th>
                  <th scope="col">High</th>
                  <th scope="col">Low</th>
                  <th scope="col">Close</th>
                  {volumes ? <th scope="col">Volume</th> : null}
                  <th scope="col">Values</th>
                </tr>
              </thead>
              <tbody>
                {found.slice(page * PAGE, (page + 1) * PAGE).map((candle) => (
                  <tr key={candle.from}>
                    <th scope="row">{stretch(by, candle.from, candle.to)}</th>
                    <td data-label="open">{exact(candle.open)}</td>
                    <td data-label="high">{exact(candle.high)}</td>
                    <td data-label="low">{exact(candle.low)}</td>
                    <td data-label="close">{exact(candle.close)}</td>
                    {volumes ? (
                      <td data-label="volume">{candle.volume === null ? 'none' : rounded(candle.volume, 12)}</td>
                    ) : null}
                    <td data-label="values">{whole(candle.count)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Pager count={found.length} size={PAGE} page={page} what={`${by}s`} onPage={setPage} />
        </>
      ) : null}
    </details>
  )
}
