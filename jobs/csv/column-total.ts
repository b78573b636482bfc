import { addTo, type ScaledSum } from './decimal.ts'
import { addFound, type ColumnState, type Found, type Moment, type Origin, REGISTERS } from './state.ts'

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
  /** Counts of buckets, 128 to a page, by the bucket's upper 12 bits. */
  readonly buckets: Map<number, Float64Array>
  histogram: { below: number; above: number; readonly bins: number[] } | null
}

const PAGE = 128

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

/** Adds the next task. Where values are equal the earlier row stays, except for the last by time. */
export function addColumn(total: ColumnTotal, state: ColumnState, origin: Origin): void {
  total.count += state.count
  total.empty += state.empty
  addFound(total.bad, state.invalid, state.places, origin)
  const moved = (moment: Moment): Moment => ({ ...moment, row: moment.row + origin.row })
  const { min, max, first, last } = state
  if (min && (!total.min || min.value < total.min.value)) total.min = moved(min)
  if (max && (!total.max || max.value > total.max.value)) total.max = moved(max)
  if (first && (!total.first || timeOf(first) < timeOf(total.first))) total.first = moved(first)
  if (last && (!total.last || timeOf(last) >= timeOf(total.last))) total.last = moved(last)
  if (state.figures) addFigures(total, state.figures)
}

export function timeOf(moment: Moment): bigint {
  return moment.time ?? 0n
}

function addFigures(total: ColumnTotal, figures: NonNullable<ColumnState['figures']>): void {
  for (const { scale, sum, squares } of figures.sums) {
    addTo(total.sum, scale, sum)
    addTo(total.squares, 2 * scale, squares)
  }
  const { registers } = total
  for (let i = 0; i < REGISTERS; i++) if (figures.registers[i]! > registers[i]!) registers[i] = figures.registers[i]!
  for (const [bucket, count] of figures.buckets) {
    const high = Math.floor(bucket / PAGE)
    let page = total.buckets.get(high)
    if (!page) {
      page = new Float64Array(PAGE)
      total.buckets.set(high, page)
    }
    page[bucket % PAGE]! += count
  }
  if (!figures.histogram) return
  total.histogram ??= { below: 0, above: 0, bins: figures.histogram.bins.map(() => 0) }
  total.histogram.below += figures.histogram.below
  total.histogram.above += figures.histogram.above
  for (const [bin, count] of figures.histogram.bins.entries()) total.histogram.bins[bin]! += count
}
