import type { ReactNode } from 'react'

const WIDTH = 1000
const HEIGHT = 400

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

/** A picture as wide as its place, with the price at its top and foot. */
export function Frame({
  label,
  top,
  bottom,
  children,
}: {
  readonly label: string
  readonly top: string
  readonly bottom: string
  readonly children: ReactNode
}) {
  return (
    <figure className="relative mt-3">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="h-80 w-full" role="img">
        <title>{label}</title>
        {children}
      </svg>
      <span className="figures absolute top-0 left-0 text-small text-quiet">{top}</span>
      <span className="figures absolute bottom-0 left-0 text-small text-quiet">{bottom}</span>
    </figure>
  )
}
