'use client'
import { useState } from 'react'
import { Choices } from '../../../components/controls/choices.tsx'
import { Table } from '../../../components/controls/table.tsx'
import { count, ratio } from '../../../components/words/count.ts'
import { isDeskWindow } from '../params.ts'
import { HeatMap } from './heat-map.tsx'
import type { Cell, SweepResult } from './shapes.ts'

const BEST_SHOWN = 20

/** Every combination as a cell of a heat map, one hold at a time. The best is what one sees first. */
export function SweepView({ result }: { readonly result: SweepResult }) {
  const { grid, buyAndHold, walkForward } = result
  const best = grid.toSorted((a, b) => b.return - a.return)
  const top = best[0]
  const [chosen, setChosen] = useState<Cell | null>(top ?? null)
  if (!top || !chosen) return <p className="mt-6">There is nothing to compare.</p>
  const holds = [...new Set(grid.map(({ hold }) => hold))]
  const bestOf = (hold: number) => best.find((cell) => cell.hold === hold) ?? top
  return (
    <>
      <h2>Which window, which tolerance</h2>
      <p className="mt-1">
        The best of {grid.length} made {ratio(top.return)} with a window of {top.window}, a tolerance of{' '}
        {ratio(top.tolerance)} and a hold of {top.hold}; buying and holding made {ratio(buyAndHold)}.{' '}
        {walkForward
          ? `Chosen on the first 70 % of the prices (${ratio(walkForward.train)} there), the best made ${ratio(walkForward.test)} on the rest.`
          : ''}
      </p>
      <Choices
        label="Hold"
        className="mt-3"
        options={holds.map((hold) => [hold, `Hold ${hold}`] as const)}
        chosen={chosen.hold}
        onChoose={(hold) => setChosen(bestOf(hold))}
      />
      <HeatMap cells={grid.filter(({ hold }) => hold === chosen.hold)} chosen={chosen} onChoose={setChosen} />
      <div className="mt-3 flex min-h-20 flex-wrap items-center justify-between gap-3 sm:min-h-12">
        <p role="status">
          Window {chosen.window}, tolerance {ratio(chosen.tolerance)}: {ratio(chosen.return)}, at worst{' '}
          {ratio(chosen.maxDrawdown)} below its peak, {count(chosen.changes, 'change')}.
        </p>
        {isDeskWindow(chosen.window) ? (
          <a
            className="do small-do no-print"
            href={`/btc?window=${chosen.window}&tolerance=${chosen.tolerance}`}
            data-apply={`${chosen.window} ${chosen.tolerance}`}
          >
            Apply to the desk
          </a>
        ) : (
          <span className="text-small text-quiet">The desk averages at most 5,000 prices.</span>
        )}
      </div>
      <Best cells={best.slice(0, BEST_SHOWN)} chosen={chosen} onChoose={setChosen} />
    </>
  )
}

function Best({
  cells,
  chosen,
  onChoose,
}: {
  readonly cells: readonly Cell[]
  readonly chosen: Cell
  readonly onChoose: (cell: Cell) => void
}) {
  return (
    <Table
      className="mt-6 max-w-3xl"
      rows={cells}
      keyOf={({ window, tolerance, hold }) => `${window} ${tolerance} ${hold}`}
      isChosen={(cell) => cell === chosen}
      columns={[
        {
          head: 'Window, tolerance, hold',
          cell: (cell) => (
            <button type="button" className="on-paper" onClick={() => onChoose(cell)}>
              {cell.window}, {ratio(cell.tolerance)}, {cell.hold}
            </button>
          ),
        },
        { head: 'Return', label: 'return', cell: (cell) => ratio(cell.return) },
        { head: 'Drawdown', label: 'drawdown', cell: ({ maxDrawdown }) => ratio(maxDrawdown) },
        { head: 'Changes', label: 'changes', cell: ({ changes }) => changes },
        {
          head: 'Invested',
          label: 'invested',
          cell: ({ exposure }) => (exposure === null ? 'never' : ratio(exposure)),
        },
      ]}
    />
  )
}
