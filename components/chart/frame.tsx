import type { ReactNode } from 'react'
import type { Mark } from './chart.ts'

export const WIDTH = 1000
export const HEIGHT = 400

type Place = readonly [x: number, y: number]

/** Data to the frame's own units, with a little air above and below. */
export function placing([left, right]: readonly [number, number], [least, most]: readonly [number, number]) {
  const air = (most - least) / 20 || 1
  const low = least - air
  const high = most + air
  const place = (x: number, y: number): Place => [
    ((x - left) / (right - left || 1)) * WIDTH,
    HEIGHT - ((y - low) / (high - low)) * HEIGHT,
  ]
  return Object.assign(place, { low, high })
}

export function lineOf(places: readonly Place[]): string {
  return `M${places.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`
}

export function areaOf(lower: readonly Place[], upper: readonly Place[]): string {
  return `${lineOf([...lower, ...upper.toReversed()])}Z`
}

/** Marks at the ends stay inside the frame. */
function shiftOf(at: number): string {
  if (at <= 0) return ''
  return at >= 1 ? '-translate-x-full' : '-translate-x-1/2'
}

/** A picture as wide as its place, with its axes: what it shows stands in a table too, so they are for the eye alone. */
export function Frame({
  label,
  x,
  y,
  grid = true,
  children,
}: {
  readonly label: string
  readonly x: readonly Mark[]
  readonly y: readonly Mark[]
  readonly grid?: boolean
  readonly children: ReactNode
}) {
  return (
    <div className="mt-4 mr-20">
      <div className="relative h-80">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="size-full" role="img">
          <title>{label}</title>
          {grid
            ? y.map(({ at }) => (
                <path
                  key={at}
                  d={lineOf([
                    [0, HEIGHT * (1 - at)],
                    [WIDTH, HEIGHT * (1 - at)],
                  ])}
                  stroke="var(--line)"
                  strokeWidth={0.75}
                  vectorEffect="non-scaling-stroke"
                />
              ))
            : null}
          {children}
        </svg>
        {y.map(({ at, words }) => (
          <span
            key={at}
            aria-hidden="true"
            className="figures absolute left-full -translate-y-1/2 pl-2 text-[0.75rem] whitespace-nowrap text-quiet"
            style={{ top: `${100 * (1 - at)}%` }}
          >
            {words}
          </span>
        ))}
      </div>
      <div className="relative mt-1 h-10" aria-hidden="true">
        {x.map(({ at, words, minor }) => (
          <span
            key={at}
            className={`figures absolute text-center text-[0.75rem] leading-tight whitespace-pre text-quiet ${shiftOf(at)} ${minor ? 'max-sm:hidden' : ''}`}
            style={{ left: `${100 * at}%` }}
          >
            {words}
          </span>
        ))}
      </div>
    </div>
  )
}
