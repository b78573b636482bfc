import { insist } from './facts.ts'
import type { CsvParams } from './params.ts'
import { type ColumnState, type Figures, MOST_RANK } from './state.ts'
import { bucketOf, momentsOf } from './summary.ts'

/** Beyond, squares are out of a double's range, or in its least precise part. */
const HUGE = 1e150
const TINY = 1e-150
/** A deviation is rounded; that of equal doubles need not be zero, as the decimals may differ. */
const ROUNDING = 1e-9

export function checkFigures(figures: Figures, column: ColumnState, wanted: CsvParams['histogram']): void {
  checkSums(figures.sums, column)
  checkRegisters(figures.registers, column.count)
  checkBuckets(figures.buckets, column)
  checkHistogram(figures.histogram, column, wanted)
}

/** Rounding keeps order: the rounded mean of exact decimals lies within the rounded extremes. */
function checkSums(sums: Figures['sums'], { count, min, max }: ColumnState): void {
  insist(ascends(sums) && sums.length <= count, 'The output has sums in no order, or more of them than values.')
  // As for every list of numbers: (Σx)² ≤ n · Σx².
  const possible = sums.every(({ sum, squares }) => sum * sum <= BigInt(count) * squares)
  insist(possible, 'The output has a sum that is too large for its squares.')
  if (!min || !max) return
  const total = {
    count,
    sum: new Map(sums.map(({ scale, sum }) => [scale, sum])),
    squares: new Map(sums.map(({ scale, squares }) => [2 * scale, squares])),
  }
  const { mean, variance, stddev } = momentsOf(total)
  insist(mean !== null && mean >= min.value && mean <= max.value, 'The output has a mean outside the extremes.')
  const size = Math.max(Math.abs(min.value), Math.abs(max.value))
  if (size > HUGE) return
  // Nothing is further from the mean, on average, than half the range.
  const most = (max.value - min.value) / 2 + size * ROUNDING + TINY
  const spread = variance !== null && variance >= 0 && stddev !== null && stddev <= most
  insist(spread, 'The output has squares that do not fit its sums and extremes.')
}

export function ascends(sums: readonly { readonly scale: number }[]): boolean {
  return sums.every(({ scale }, at) => at === 0 || scale > sums[at - 1]!.scale)
}

function checkRegisters(registers: Uint8Array, count: number): void {
  const used = registers.filter((rank) => rank > 0).length
  insist(used <= count && used > 0 === count > 0, 'The output has more distinct values than values, or none.')
  insist(
    registers.every((rank) => rank <= MOST_RANK),
    'The output has a rank of distinct values that there is not.',
  )
}

function checkBuckets(buckets: Figures['buckets'], { count, min, max }: ColumnState): void {
  const wrong = 'The output has quantiles that do not fit its count and extremes.'
  let values = 0
  let [lowest, highest] = [Infinity, -Infinity]
  for (const [at, [bucket, size]] of buckets.entries()) {
    insist(size > 0 && (at === 0 || bucket > buckets[at - 1]![0]), wrong)
    values += size
    lowest = Math.min(lowest, orderOf(bucket))
    highest = Math.max(highest, orderOf(bucket))
  }
  insist(values === count, wrong)
  if (min && max) insist(lowest === orderOf(bucketOf(min.value)) && highest === orderOf(bucketOf(max.value)), wrong)
}

/** Below zero larger magnitudes come first. */
function orderOf(bucket: number): number {
  return bucket < 2 ** 18 ? bucket : 2 ** 18 - 1 - bucket
}

function checkHistogram(found: Figures['histogram'], { count, min, max }: ColumnState, wanted: CsvParams['histogram']) {
  const edges = wanted?.min !== undefined && wanted.max !== undefined ? { from: wanted.min, to: wanted.max } : null
  insist((found !== null) === (edges !== null), 'The output has a histogram where none was asked for, or none.')
  if (!found || !wanted || !edges) return
  insist(found.bins.length === wanted.bins, 'The output has another number of bins than was asked for.')
  const values = found.bins.reduce((sum, bin) => sum + bin, found.below + found.above)
  insist(values === count, 'The bins of the output do not add up to its values.')
  if (!min || !max) return
  const below = min.value < edges.from
  // As the kernel sees it, whose difference is rounded.
  const above = max.value - edges.from > edges.to - edges.from
  insist(found.below > 0 === below && found.above > 0 === above, 'The bins of the output do not fit its extremes.')
}
