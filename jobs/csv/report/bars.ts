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
