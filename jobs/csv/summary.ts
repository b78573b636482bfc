import { log2 } from '../math/exp-log.ts'
import { finite, ratio, type ScaledSum, totalOf } from './decimal.ts'
import type { Found, Moment } from './places.ts'
import type { FiguresResult, HistogramResult } from './shapes.ts'

// Figures from exact totals. Whatever is out of a double's range is null, as JSON has no infinity.

export const REGISTERS = 4096
/** Of the 64 bits of a hash twelve choose the register. */
export const MOST_RANK = 53
/** Buckets are kept so many together. */
export const BUCKET_PAGE = 128
export const QUANTILES = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999] as const

export interface ColumnTotal {
  count: number
  empty: number
  min: Moment | null
  max: Moment | null
  first: Moment | null
  last: Moment | null
  /** Invalid cells. */
  readonly bad: Found
  readonly sum: ScaledSum
  readonly squares: ScaledSum
  readonly registers: Uint8Array
  /** Counts of buckets, a page each, by the bucket's upper 12 bits. */
  readonly buckets: Map<number, Float64Array>
  histogram: { below: number; above: number; readonly bins: number[] } | null
}

export function createColumn(): ColumnTotal {
  return {
    count: 0,
    empty: 0,
    min: null,
    max: null,
    first: null,
    last: null,
    bad: { count: 0, places: [] },
    sum: new Map(),
    squares: new Map(),
    registers: new Uint8Array(REGISTERS),
    buckets: new Map(),
    histogram: null,
  }
}

export function figuresOf(column: ColumnTotal): FiguresResult {
  return { ...momentsOf(column), distinct: distinctOf(column), quantiles: quantilesOf(column) }
}

/** Of the population. Each rounded once: mean = S / n, variance = (n·Q − S²) / n². */
export function momentsOf(
  column: Pick<ColumnTotal, 'count' | 'sum' | 'squares'>,
): Omit<FiguresResult, 'distinct' | 'quantiles'> {
  if (column.count === 0) return { sum: null, mean: null, variance: null, stddev: null }
  const n = BigInt(column.count)
  const sum = totalOf(column.sum)
  const squares = totalOf(column.squares)
  const scale = Math.max(squares.scale, 2 * sum.scale)
  const q = squares.m * 10n ** BigInt(scale - squares.scale)
  const s = sum.m * sum.m * 10n ** BigInt(scale - 2 * sum.scale)
  const variance = ratio(n * q - s, n * n, scale)
  return {
    sum: finite(ratio(sum.m, 1n, sum.scale)),
    mean: finite(ratio(sum.m, n, sum.scale)),
    variance: finite(variance),
    stddev: finite(Math.sqrt(variance)),
  }
}

/** HyperLogLog with linear counting for few; about 1.6 % standard error. */
function distinctOf({ registers, count }: ColumnTotal): number {
  let zeros = 0
  // A sum of 2^(53 − rank) is exact in 65 bits.
  let sum = 0n
  for (const rank of registers) {
    if (rank === 0) zeros++
    sum += 1n << BigInt(MOST_RANK - rank)
  }
  const m = REGISTERS
  const alpha = 0.7213 / (1 + 1.079 / m)
  const harmonic = (alpha * m * m * 9007199254740992) / Number(sum)
  const estimate = harmonic <= 2.5 * m && zeros > 0 ? m * Math.LN2 * log2(m / zeros) : harmonic
  return Math.min(count, Math.round(estimate))
}

/** Bucket and count, from the lowest values to the highest. */
function* ascendingBuckets({ buckets }: ColumnTotal): Generator<readonly [bucket: number, count: number]> {
  const pages = [...buckets.keys()].sort((a, b) => order(a) - order(b))
  for (const high of pages) {
    const page = buckets.get(high)!
    for (let i = 0; i < BUCKET_PAGE; i++) {
      // Below zero larger magnitudes come first.
      const low = high >= 2048 ? BUCKET_PAGE - 1 - i : i
      if (page[low]! > 0) yield [high * BUCKET_PAGE + low, page[low]!]
    }
  }
}

function order(high: number): number {
  return high >= 2048 ? 2047 - high : high
}

const cell = new DataView(new ArrayBuffer(8))

/** The upper 19 bits of a double. */
export function bucketOf(value: number): number {
  cell.setFloat64(0, value)
  return cell.getUint32(0) >>> 13
}

/** The middle of a bucket: within 2⁻⁸ of every value in it. The bucket of zero stands for zero. */
export function middleOf(bucket: number): number {
  if (bucket % 2 ** 18 === 0) return 0
  cell.setUint32(0, bucket * 2 ** 13 + 2 ** 12)
  cell.setUint32(4, 0)
  return cell.getFloat64(0)
}

/** For each share p the value of rank ⌈p·n⌉, to its bucket, never outside the extremes. */
function quantilesOf(column: ColumnTotal): Record<string, number> | null {
  const { count, min, max } = column
  if (!min || !max) return null
  const quantiles: Record<string, number> = {}
  const open = [...QUANTILES]
  let behind = 0
  for (const [bucket, size] of ascendingBuckets(column)) {
    behind += size
    while (open.length > 0 && behind >= Math.ceil(open[0]! * count))
      quantiles[String(open.shift())] = Math.min(Math.max(middleOf(bucket), min.value), max.value)
  }
  return quantiles
}

export function histogramOf(
  column: ColumnTotal,
  wanted: { readonly bins: number; readonly min?: number | undefined; readonly max?: number | undefined },
): HistogramResult | null {
  const { histogram } = column
  if (wanted.min !== undefined && wanted.max !== undefined) {
    const { below, above, bins } = histogram ?? {
      below: 0,
      above: 0,
      bins: Array.from({ length: wanted.bins }, () => 0),
    }
    return { min: wanted.min, max: wanted.max, bins, below, above, exact: true }
  }
  if (!column.min || !column.max) return null
  const min = wanted.min ?? column.min.value
  const max = wanted.max ?? column.max.value
  const bins = Array.from({ length: wanted.bins }, () => 0)
  let below = 0
  let above = 0
  for (const [bucket, size] of ascendingBuckets(column)) {
    const value = Math.min(Math.max(middleOf(bucket), column.min.value), column.max.value)
    if (value < min) below += size
    else if (value > max) above += size
    else bins[binOf(value, min, max, wanted.bins)]! += size
  }
  return { min, max, bins, below, above, exact: false }
}

export function binOf(value: number, min: number, max: number, bins: number): number {
  // Halved, because the distance of two doubles may be too large for one.
  const share = max > min ? (value / 2 - min / 2) / (max / 2 - min / 2) : 0
  return Math.min(Math.floor(share * bins), bins - 1)
}
