'use client'
import { useState } from 'react'
import { Pager } from '../../../components/controls/pager.tsx'
import type { Bar } from './bars.ts'
import { percent, rounded, whole } from './numbers.ts'

const PAGE = 50

/** The bars to be read. */
export function BarsTable({
  bars,
  below,
  above,
  count,
}: {
  readonly bars: readonly Bar[]
  readonly below: number
  readonly above: number
  readonly count: number
}) {
  const [page, setPage] = useState(0)
  return (
    <details className="no-print">
      <summary className="py-2 text-small font-semibold">The bars as a table</summary>
      <div className="figures-box">
        <table className="figures-table">
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">to</th>
              <th scope="col">Values</th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            {bars.slice(page * PAGE, (page + 1) * PAGE).map((bar) => (
              <tr key={bar.from}>
                <th scope="row">{rounded(bar.from, 8)}</th>
                <td data-label="to">{rounded(bar.to, 8)}</td>
                <td data-label="values">{whole(bar.count)}</td>
                <td data-label="of all">{percent(bar.count, count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager count={bars.length} size={PAGE} page={page} what="bars" onPage={setPage} />
      {below + above > 0 ? (
        <p className="mt-2 text-small text-quiet">
          {whole(below)} values lie below, {whole(above)} above.
        </p>
      ) : null}
    </details>
  )
}
