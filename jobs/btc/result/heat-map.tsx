import { bandMarks } from '../../../components/chart/axis.ts'
import { Frame, HEIGHT, WIDTH } from '../../../components/chart/frame.tsx'
import { ratio } from '../../../components/words/count.ts'
import type { Cell } from './shapes.ts'

/** Of a side of a cell that lost: seen without colour too. */
const SHRUNK = 0.16

/** Windows across, tolerances up. Whole and green made money, shrunken and red lost it; the stronger, the more. */
export function HeatMap({
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
