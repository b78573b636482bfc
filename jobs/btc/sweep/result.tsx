'use client'
import { useState } from 'react'
import { bandMarks } from '../../../components/chart/chart.ts'
import { Frame, HEIGHT, WIDTH } from '../../../components/chart/frame.tsx'
import { Choices } from '../../../components/controls/fields.tsx'
import { Table } from '../../../components/controls/table.tsx'
import { count, ratio } from '../../../components/words/count.ts'
import type { Cell, SweepResult } from '../analysis.ts'
import { isDeskWindow } from '../params.ts'

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

/** Of a side of a cell that lost: seen without colour too. */
const SHRUNK = 0.16

/** Windows across, tolerances up. Whole and green made money, shrunken and red lost it; the stronger, the more. */
function HeatMap({
  cells,
  chosen,
  onChoose,
}: {
  readonly cells: readonly Cell[]
  readonly chosen: Cell | null
  readonly onChoose: (cell: Cell) => void
}) {
  const windows = [...new Set(cells.map(({ window }) => window))]
  const tolerances = [...new Set(cells.map(({ tolerance }) => tolerance))]
  const most = Math.max(...cells.map((cell) => cell.return), 0)
  const least = Math.min(...cells.map((cell) => cell.return), 0)
  const width = WIDTH / windows.length
  const height = HEIGHT / tolerances.length
  const placeOf = ({ window, tolerance }: Cell) => ({
    x: windows.indexOf(window) * width,
    y: (tolerances.length - 1 - tolerances.indexOf(tolerance)) * height,
  })
  const label = `Return by window, ${windows[0]} to ${windows.at(-1)}, and tolerance; the table has the best.`
  return (
    <figure>
      <Frame
        label={label}
        grid={false}
        x={bandMarks(windows.map(String))}
        y={bandMarks(tolerances.map((tolerance) => ratio(tolerance))).map(({ at, words }) => ({ at, words }))}
      >
        {cells.map((cell) => {
          const { x, y } = placeOf(cell)
          const lost = cell.return < 0
          const margin = lost ? SHRUNK / 2 : 0
          const share = lost ? cell.return / (least || -1) : cell.return / (most || 1)
          return (
            <rect
              key={`${cell.window} ${cell.tolerance}`}
              x={x + margin * width}
              y={y + margin * height}
              width={width * (1 - 2 * margin)}
              height={height * (1 - 2 * margin)}
              fill={lost ? 'var(--bad)' : 'var(--good)'}
              fillOpacity={0.1 + 0.8 * share}
              shapeRendering="crispEdges"
              onPointerEnter={() => onChoose(cell)}
              onPointerDown={() => onChoose(cell)}
            >
              <title>{`Window ${cell.window}, tolerance ${ratio(cell.tolerance)}: ${ratio(cell.return)}`}</title>
            </rect>
          )
        })}
        {chosen ? (
          <rect
            {...placeOf(chosen)}
            width={width}
            height={height}
            fill="none"
            stroke="var(--ink)"
            strokeWidth={3}
            vectorEffect="non-scaling-stroke"
            pointerEvents="none"
          />
        ) : null}
      </Frame>
      <figcaption className="text-small text-quiet">
        Windows across, tolerances up. Whole and green made money, up to {ratio(most)}; shrunken and red lost it, down
        to {ratio(least)}.
      </figcaption>
    </figure>
  )
}
