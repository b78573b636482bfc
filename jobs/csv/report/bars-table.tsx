'use client'
import { useState } from 'react'
import { Pager } from '../../../components/controls/pager.tsx'
import { Table } from '../../../components/controls/table.tsx'
import { percent, whole } from '../../../components/words/count.ts'
import type { Bar } from './bars.ts'
import { rounded } from './numbers.ts'

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
      <Table
        rows={bars.slice(page * PAGE, (page + 1) * PAGE)}
        keyOf={({ from }) => from}
        columns={[
          { head: 'From', cell: ({ from }) => rounded(from, 8) },
          { head: 'to', label: 'to', cell: ({ to }) => rounded(to, 8) },
          { head: 'Values', label: 'values', cell: (bar) => whole(bar.count) },
          { head: 'Share', label: 'of all', cell: (bar) => percent(bar.count / count, 'fine') },
        ]}
      />
      <Pager count={bars.length} size={PAGE} page={page} what="bars" onPage={setPage} />
      {below + above > 0 ? (
        <p className="mt-2 text-small text-quiet">
          {whole(below)} values lie below, {whole(above)} above.
        </p>
      ) : null}
    </details>
  )
}
