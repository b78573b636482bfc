import type { HistogramResult } from '../shapes.ts'
import { type Bar, bucketAround } from './bars.ts'

/** So many of the values, as a share, are at most so high. */
export type Point = readonly [value: number, share: number]

export interface Curve {
  readonly line: readonly Point[]
  /** Between which curves the true one lies; null where the line is true at all its points. */
  readonly band: { readonly early: readonly Point[]; readonly late: readonly Point[] } | null
}

/** Counted up over the bars: exact at the edge of each. */
export function curveOfBars(
  bars: readonly Bar[],
  { below }: HistogramResult,
  count: number,
  min: number,
  max: number,
): Curve {
  let behind = below
  const steps = bars.flatMap((bar): Point[] => {
    const before = behind
    behind += bar.count
    return [
      [bar.from, before / count],
      [bar.to, behind / count],
    ]
  })
  return { line: [[min, 0], ...steps, [max, 1]], band: null }
}

/** Through the quantiles, each of which lies somewhere in its bucket. */
export function curveOfQuantiles(quantiles: Readonly<Record<string, number>>, min: number, max: number): Curve {
  const known = Object.entries(quantiles).map(([share, value]): Point => [value, Number(share)])
  const ends = (points: readonly Point[]): Point[] => [[min, 0], ...points, [max, 1]]
  const edge = (side: 0 | 1) =>
    ends(known.map(([value, share]): Point => [Math.min(Math.max(bucketAround(value)[side], min), max), share]))
  return { line: ends(known), band: { early: edge(0), late: edge(1) } }
}

/** What part of the values an axis shows. */
export interface Span {
  readonly from: number
  readonly to: number
  /** True where the outermost thousandth on either side is left out, because it would press all else together. */
  readonly cut: boolean
}

/** Tails longer than so many times all the rest. */
const LONG_TAILS = 4

export function spanOf(min: number, max: number, quantiles: Readonly<Record<string, number>>): Span {
  const from = quantiles['0.001'] ?? min
  const to = quantiles['0.999'] ?? max
  const cut = to > from && (max / 2 - min / 2) / (to / 2 - from / 2) > LONG_TAILS
  return cut ? { from, to, cut } : { from: min, to: max, cut }
}
