'use client'
import { useState } from 'react'
import type { Cell, SweepResult } from './shapes.ts'
import { percent } from './words.ts'

const BEST_SHOWN = 20

/** Every combination as a cell of a heat map: windows across, tolerances up, one hold at a time. */
export function SweepView({ result }: { readonly result: SweepResult }) {
  const { grid, buyAndHold, walkForward } = result
  const holds = [...new Set(grid.map(({ hold }) => hold))]
  const [hold, setHold] = useState(holds[0] ?? 0)
  const [looked, setLooked] = useState<Cell | null>(null)
  const best = grid.toSorted((a, b) => b.return - a.return)
  const top = best[0]
  const shown = looked?.hold === hold ? looked : (best.find((cell) => cell.hold === hold) ?? null)
  return (
    <>
      <h2>Which window, which tolerance</h2>
      {top ? (
        <p className="mt-1">
          The best of {grid.length} made {percent(top.return)} with a window of {top.window}, a tolerance of{' '}
          {percent(top.tolerance)} and a hold of {top.hold}; buying and holding made {percent(buyAndHold)}.{' '}
          {walkForward
            ? `Chosen on the first 70 % of the prices (${percent(walkForward.train)} there), the best made ${percent(walkForward.test)} on the rest.`
            : ''}
        </p>
      ) : null}
      {holds.length > 1 ? (
        <fieldset aria-label="Hold" className="mt-3 flex flex-wrap gap-1 text-small">
          {holds.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === hold}
              className="rounded-full px-3.5 py-2 hover:bg-ink/10 aria-pressed:bg-ink aria-pressed:text-water"
              onClick={() => setHold(one)}
            >
              Hold {one}
            </button>
          ))}
        </fieldset>
      ) : null}
      <HeatMap cells={grid.filter((cell) => cell.hold === hold)} onLook={setLooked} />
      <p role="status" className="mt-2 min-h-12 text-small">
        {shown
          ? `Window ${shown.window}, tolerance ${percent(shown.tolerance)}: ${percent(shown.return)}, at worst ${percent(-shown.maxDrawdown)} below its peak, ${shown.changes} changes.`
          : ''}
      </p>
      {shown ? (
        <a className="do small-do no-print" href={`/btc?window=${shown.window}&tolerance=${shown.tolerance}`}>
          Apply to the desk
        </a>
      ) : null}
      <table className="board">
        <thead>
          <tr>
            <th scope="col">Place</th>
            <th scope="col">Window, tolerance, hold</th>
            <th scope="col">Return</th>
            <th scope="col">Drawdown</th>
            <th scope="col">Changes</th>
          </tr>
        </thead>
        <tbody>
          {best.slice(0, BEST_SHOWN).map((cell, place) => (
            <tr key={`${cell.window} ${cell.tolerance} ${cell.hold}`}>
              <td className="figures">{place + 1}</td>
              <th scope="row" className="figures">
                {cell.window}, {percent(cell.tolerance)}, {cell.hold}
              </th>
              <td className="figures" data-label="return">
                {percent(cell.return)}
              </td>
              <td className="figures" data-label="drawdown">
                {percent(cell.maxDrawdown)}
              </td>
              <td className="figures" data-label="changes">
                {cell.changes}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

/** Green made money, red lost it; the stronger, the more. */
function HeatMap({ cells, onLook }: { readonly cells: readonly Cell[]; readonly onLook: (cell: Cell) => void }) {
  const windows = [...new Set(cells.map(({ window }) => window))]
  const tolerances = [...new Set(cells.map(({ tolerance }) => tolerance))]
  const most = Math.max(1e-12, ...cells.map((cell) => Math.abs(cell.return)))
  return (
    <svg
      viewBox={`0 0 ${windows.length} ${tolerances.length}`}
      preserveAspectRatio="none"
      className="mt-3 h-72 w-full rounded-xl"
      role="img"
      aria-label={`Return by window, ${windows[0]} to ${windows.at(-1)}, and tolerance; the table below has the best.`}
    >
      {cells.map((cell) => (
        <rect
          key={`${cell.window} ${cell.tolerance}`}
          x={windows.indexOf(cell.window)}
          y={tolerances.length - 1 - tolerances.indexOf(cell.tolerance)}
          width={1.01}
          height={1.01}
          fill={cell.return >= 0 ? 'var(--good)' : 'var(--bad)'}
          fillOpacity={0.08 + (0.92 * Math.abs(cell.return)) / most}
          onPointerEnter={() => onLook(cell)}
        >
          <title>{`Window ${cell.window}, tolerance ${percent(cell.tolerance)}: ${percent(cell.return)}`}</title>
        </rect>
      ))}
    </svg>
  )
}
