import type { Reader, Writer } from './bytes.ts'
import { addTo } from './decimal.ts'
import type { CsvParams } from './params.ts'
import { insist } from './places.ts'
import { BUCKET_PAGE, bucketOf, type ColumnTotal, MOST_RANK, momentsOf, REGISTERS } from './summary.ts'

// Figures of a column's values: how an output holds them, what they must keep to, and how they are added up.

/** Σm and Σm² over the values written as m × 10^−scale. */
export interface Sum {
  readonly scale: number
  readonly sum: bigint
  readonly squares: bigint
}

/** Only with statistics "all". */
export interface Figures {
  /** Ascending scales. */
  readonly sums: readonly Sum[]
  /** HyperLogLog, 4096 registers. */
  readonly registers: Uint8Array
  /** Sign, exponent and top 7 mantissa bits of the double as one number; ascending. */
  readonly buckets: readonly (readonly [bucket: number, count: number])[]
  /** Where both edges are given. */
  readonly histogram: { readonly below: number; readonly above: number; readonly bins: readonly number[] } | null
}

export function encodeFigures(out: Writer, figures: Figures): void {
  out.whole(figures.sums.length)
  for (const { scale, sum, squares } of figures.sums) {
    out.integer(scale)
    out.big(sum)
    out.big(squares)
  }
  encodeRegisters(out, figures.registers)
  out.whole(figures.buckets.length)
  let before = 0
  for (const [bucket, count] of figures.buckets) {
    // Most buckets are neighbours, and many hold one value: the lowest bit says so.
    out.whole((bucket - before) * 2 + (count === 1 ? 0 : 1))
    if (count !== 1) out.whole(count)
    before = bucket
  }
  out.whole(figures.histogram ? figures.histogram.bins.length + 1 : 0)
  if (!figures.histogram) return
  out.whole(figures.histogram.below)
  out.whole(figures.histogram.above)
  for (const count of figures.histogram.bins) out.whole(count)
}

export function decodeFigures(input: Reader): Figures {
  const sums = input.list(1_000_000, () => ({ scale: input.scale(), sum: input.big(), squares: input.big() }))
  const registers = decodeRegisters(input)
  let bucket = 0
  const buckets = input.list(2 ** 19, () => {
    const step = input.whole(2 ** 20)
    bucket += Math.floor(step / 2)
    return [bucket, step % 2 ? input.u32() : 1] as const
  })
  const bins = input.whole(100_001)
  if (bins === 0) return { sums, registers, buckets, histogram: null }
  const [below, above] = [input.u32(), input.u32()]
  const counts = Array.from({ length: bins - 1 }, () => input.u32())
  return { sums, registers, buckets, histogram: { below, above, bins: counts } }
}

/** Six bits each, or gap and rank of those that are set where that is shorter. */
function encodeRegisters(out: Writer, registers: Uint8Array): void {
  let used = 0
  for (const rank of registers) if (rank) used++
  const sparse = used * 2.5 < (REGISTERS * 3) / 4
  out.whole(sparse ? used + 1 : 0)
  if (sparse) {
    let before = 0
    for (let i = 0; i < REGISTERS; i++) {
      const rank = registers[i]!
      if (!rank) continue
      out.whole((i - before) * 64 + rank)
      before = i
    }
    return
  }
  const packed = new Uint8Array((REGISTERS * 3) / 4)
  for (let i = 0, at = 0; i < REGISTERS; i += 4, at += 3) {
    const four = registers[i]! | (registers[i + 1]! << 6) | (registers[i + 2]! << 12) | (registers[i + 3]! << 18)
    packed[at] = four
    packed[at + 1] = four >> 8
    packed[at + 2] = four >> 16
  }
  out.raw(packed)
}

function decodeRegisters(input: Reader): Uint8Array {
  const registers = new Uint8Array(REGISTERS)
  const form = input.whole(REGISTERS + 1)
  if (form === 0) {
    const packed = input.raw((REGISTERS * 3) / 4)
    for (let i = 0, at = 0; i < REGISTERS; i += 4, at += 3) {
      const four = packed[at]! | (packed[at + 1]! << 8) | (packed[at + 2]! << 16)
      for (let j = 0; j < 4; j++) registers[i + j] = (four >> (6 * j)) & 63
    }
    return registers
  }
  let register = 0
  for (let i = 1; i < form; i++) {
    const step = input.whole(REGISTERS * 64)
    register += step >> 6
    registers[register] = step & 63
  }
  return registers
}

type Extremes = Pick<ColumnTotal, 'count' | 'min' | 'max'>

/** Beyond, squares are out of a double's range, or in its least precise part. */
const HUGE = 1e150
const TINY = 1e-150
/** A deviation is rounded; that of equal doubles need not be zero, as the decimals may differ. */
const ROUNDING = 1e-9

export function checkFigures(figures: Figures, column: Extremes, wanted: CsvParams['histogram']): void {
  checkSums(figures.sums, column)
  checkRegisters(figures.registers, column.count)
  checkBuckets(figures.buckets, column)
  checkHistogram(figures.histogram, column, wanted)
}

/** Rounding keeps order: the rounded mean of exact decimals lies within the rounded extremes. */
function checkSums(sums: Figures['sums'], { count, min, max }: Extremes): void {
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

function checkBuckets(buckets: Figures['buckets'], { count, min, max }: Extremes): void {
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

function checkHistogram(found: Figures['histogram'], { count, min, max }: Extremes, wanted: CsvParams['histogram']) {
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

export function addFigures(total: ColumnTotal, figures: Figures): void {
  for (const { scale, sum, squares } of figures.sums) {
    addTo(total.sum, scale, sum)
    addTo(total.squares, 2 * scale, squares)
  }
  const { registers } = total
  for (let i = 0; i < REGISTERS; i++) if (figures.registers[i]! > registers[i]!) registers[i] = figures.registers[i]!
  for (const [bucket, count] of figures.buckets) {
    const high = Math.floor(bucket / BUCKET_PAGE)
    let page = total.buckets.get(high)
    if (!page) {
      page = new Float64Array(BUCKET_PAGE)
      total.buckets.set(high, page)
    }
    page[bucket % BUCKET_PAGE]! += count
  }
  if (!figures.histogram) return
  total.histogram ??= { below: 0, above: 0, bins: figures.histogram.bins.map(() => 0) }
  total.histogram.below += figures.histogram.below
  total.histogram.above += figures.histogram.above
  for (const [bin, count] of figures.histogram.bins.entries()) total.histogram.bins[bin]! += count
}
