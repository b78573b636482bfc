import type { HistogramResult } from '../shapes.ts'
import { binOf, middleOf } from '../summary.ts'

// A histogram as bars that claim no more than is known: where its edges were not given, bins hold whole buckets (sign,
// exponent and top 7 mantissa bits of a double), and a bar is as wide as the buckets it holds.

export interface Bar {
  readonly from: number
  readonly to: number
  readonly count: number
}

export function barsOf(histogram: HistogramResult, lowest: number, highest: number): readonly Bar[] {
  const { min, max, bins, exact } = histogram
  if (exact) {
    const edge = (bin: number) => (bin === bins.length ? max : min + (max / bins.length - min / bins.length) * bin)
    return bins.flatMap((count, bin) => (count > 0 ? [{ from: edge(bin), to: edge(bin + 1), count }] : []))
  }
  const first = firstBuckets(histogram, lowest, highest)
  return bins.flatMap((count, bin) => {
    if (count === 0) return []
    const from = Math.max(startOf(first(bin)), min, lowest)
    return [{ from, to: Math.max(from, Math.min(startOf(first(bin + 1)), max, highest)), count }]
  })
}

/** The first bucket that was put into a bin or a later one. */
function firstBuckets({ min, max, bins }: HistogramResult, lowest: number, highest: number): (bin: number) => number {
  const binFor = (bucket: number) => {
    const value = Math.min(Math.max(middle(bucket), lowest), highest)
    return value < min ? -1 : value > max ? bins.length : binOf(value, min, max, bins.length)
  }
  return (bin) => {
    let low = bucketOf(lowest)
    let high = bucketOf(highest) + 1
    while (low < high) {
      const between = Math.floor((low + high) / 2)
      if (binFor(between) >= bin) high = between
      else low = between + 1
    }
    return low
  }
}

/** From where to where the values lie that share a bucket with this one. */
export function bucketAround(value: number): readonly [from: number, to: number] {
  const bucket = bucketOf(value)
  return [startOf(bucket), startOf(bucket + 1)]
}

/** Buckets in the order of their values: those below zero are −1, −2, …. */
function bucketOf(value: number): number {
  const size = bits(Math.abs(value))
  return value < 0 ? -size - 1 : size
}

function middle(bucket: number): number {
  return bucket < 0 ? -middleOf(-bucket - 1) : middleOf(bucket)
}

/** Where a bucket's values begin. */
function startOf(bucket: number): number {
  return bucket < 0 ? -double(-bucket) : double(bucket)
}

const cell = new DataView(new ArrayBuffer(8))
const STEP = 2 ** 13

function bits(value: number): number {
  cell.setFloat64(0, value)
  return Math.floor(cell.getUint32(0) / STEP)
}

function double(bucket: number): number {
  cell.setUint32(0, bucket * STEP)
  cell.setUint32(4, 0)
  return cell.getFloat64(0)
}

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
