import { addFound, type Found, type Gap, MOST_GAPS, type Origin, type Time, type TimeState } from './state.ts'

export interface TimeTotal {
  count: number
  empty: number
  readonly bad: Found
  lowest: Time | null
  highest: Time | null
  /** The last valid time in the order of rows: what the next task's first is held against. */
  before: Time | null
  duplicates: number
  readonly outOfOrder: Found
  readonly gaps: [number, number, number]
  longest: Gap[]
}

const SECOND = 1_000_000_000n
/** A minute, an hour, a day. */
export const GAP_LIMITS = [60n * SECOND, 3600n * SECOND, 86_400n * SECOND] as const

export function createTime(): TimeTotal {
  return {
    count: 0,
    empty: 0,
    bad: { count: 0, places: [] },
    lowest: null,
    highest: null,
    before: null,
    duplicates: 0,
    outOfOrder: { count: 0, places: [] },
    gaps: [0, 0, 0],
    longest: [],
  }
}

export function addTime(total: TimeTotal, state: TimeState, origin: Origin): void {
  total.empty += state.empty
  addFound(total.bad, state.invalid, state.places, origin)
  if (state.count === 0) return
  total.count += state.count
  if (total.before !== null) addBorder(total, total.before, state, origin)
  total.before = state.last.time
  if (total.lowest === null || state.lowest < total.lowest) total.lowest = state.lowest
  if (total.highest === null || state.highest > total.highest) total.highest = state.highest
  total.duplicates += state.duplicates
  addFound(total.outOfOrder, state.outOfOrder, state.orderPlaces, origin)
  for (const i of [0, 1, 2] as const) total.gaps[i] += state.gaps[i]
  addGaps(
    total,
    state.longest.map((gap) => ({ ...gap, row: gap.row + origin.row })),
  )
}

/** The first time of a task against the last one before it, as the kernel does within a task. */
function addBorder(total: TimeTotal, before: Time, state: TimeState, origin: Origin): void {
  const gap = state.first.time - before
  const { row } = state.first
  if (gap < 0n) addFound(total.outOfOrder, 1, [{ row, byte: state.first.byte, reason: 0 }], origin)
  else if (gap === 0n) total.duplicates++
  else {
    for (const i of [0, 1, 2] as const) if (gap > GAP_LIMITS[i]) total.gaps[i]++
    addGaps(total, [{ row: row + origin.row, from: before, to: state.first.time }])
  }
}

function addGaps(total: TimeTotal, gaps: readonly Gap[]): void {
  total.longest = [...total.longest, ...gaps].sort(longerFirst).slice(0, MOST_GAPS)
}

/** Longest first; earlier rows first among equals. */
export function longerFirst(a: Gap, b: Gap): number {
  const difference = b.to - b.from - (a.to - a.from)
  return difference < 0n ? -1 : difference > 0n ? 1 : a.row - b.row
}
