import type { Reader, Writer } from './bytes.ts'
import { ratio } from './decimal.ts'
import type { Layout } from './params.ts'
import {
  addFound,
  checkPlaces,
  type Facts,
  type Found,
  foundJson,
  insist,
  invalidPlaces,
  isKnown,
  isWithin,
  NOT_A_TIME,
  type Origin,
  type Place,
  type Time,
} from './places.ts'
import type { TimeResult } from './shapes.ts'
import { isoTime } from './time-pattern.ts'

// The time column: how an output holds it, what it must keep to, how it is added up and told.

export interface Gap {
  readonly row: number
  readonly from: Time
  readonly to: Time
}

export interface TimeState {
  readonly count: number
  readonly empty: number
  readonly invalid: number
  readonly lowest: Time
  readonly highest: Time
  /** In the order of rows; with "all". */
  readonly first: { readonly time: Time; readonly row: number; readonly byte: number }
  readonly last: { readonly time: Time; readonly row: number }
  readonly outOfOrder: number
  readonly duplicates: number
  /** Gaps longer than a minute, an hour, a day. */
  readonly gaps: readonly [number, number, number]
  /** At most ten, longest first, earlier rows first among equals. */
  readonly longest: readonly Gap[]
  readonly places: readonly Place[]
  readonly orderPlaces: readonly Place[]
}

const MOST_GAPS = 10
const SECOND = 1_000_000_000n
/** A minute, an hour, a day. */
const GAP_LIMITS = [60n * SECOND, 3600n * SECOND, 86_400n * SECOND] as const

export function encodeTime(out: Writer, time: TimeState): void {
  for (const count of [time.count, time.empty, time.invalid, time.outOfOrder, time.duplicates, ...time.gaps])
    out.whole(count)
  for (const moment of [time.lowest, time.highest, time.first.time, time.last.time]) out.big(moment)
  out.whole(time.first.row)
  out.whole(time.first.byte)
  out.whole(time.last.row)
  out.whole(time.longest.length)
  for (const gap of time.longest) {
    out.whole(gap.row)
    out.big(gap.from)
    out.big(gap.to)
  }
  out.places(time.places)
  out.places(time.orderPlaces)
}

export function decodeTime(input: Reader): TimeState {
  const counts = {
    count: input.u32(),
    empty: input.u32(),
    invalid: input.u32(),
    outOfOrder: input.u32(),
    duplicates: input.u32(),
    gaps: [input.u32(), input.u32(), input.u32()] as const,
    lowest: input.big(),
    highest: input.big(),
  }
  const [firstTime, lastTime] = [input.big(), input.big()]
  return {
    ...counts,
    first: { time: firstTime, row: input.u32(), byte: input.u32() },
    last: { time: lastTime, row: input.u32() },
    longest: input.list(MOST_GAPS, () => ({ row: input.u32(), from: input.big(), to: input.big() })),
    places: input.places(),
    orderPlaces: input.places(),
  }
}

/** The years 1678 to 2261, with a day on both sides for zones and for counts since 1970. */
const EARLIEST: Time = BigInt(Date.UTC(1677, 11, 31)) * 1_000_000n
const LATEST: Time = BigInt(Date.UTC(2262, 0, 2)) * 1_000_000n

export function checkTime(time: TimeState, facts: Facts, all: boolean): void {
  const { count, empty, invalid } = time
  insist(count + empty + invalid === facts.rows, 'The times of the output do not add up to its rows.')
  checkPlaces(time.places, { what: 'invalid times', count: invalid, reasons: [NOT_A_TIME] }, facts)
  checkPlaces(time.orderPlaces, { what: 'times out of order', count: time.outOfOrder, reasons: [0] }, facts)
  if (count === 0) checkNone(time)
  else checkRange(time, facts)
  checkSteps(time, all)
  checkLongest(time, facts, all)
}

function checkNone({ lowest, highest, first, last }: TimeState): void {
  const moments = [lowest, highest, first.time, last.time].every((moment) => moment === 0n)
  insist(moments && first.row === 0 && first.byte === 0 && last.row === 0, 'The output has times and counts none.')
}

function checkRange({ count, lowest, highest, first, last }: TimeState, facts: Facts): void {
  insist(EARLIEST <= lowest && lowest <= highest && highest <= LATEST, 'The output has times that there are not.')
  const known = isKnown(first.time, facts.times) && isKnown(last.time, facts.times)
  insist(known, 'The output begins or ends with a time that lies outside its own.')
  const rows = last.row - first.row
  const placed = isWithin(first, facts) && last.row < facts.rows && rows >= count - 1
  insist(placed, 'The output has its first or last time in a row that cannot be.')
  insist(count > 1 || (rows === 0 && lowest === highest), 'The output has one time and tells of several.')
}

/** Of each time against the one before it; only with all statistics. */
function checkSteps({ count, outOfOrder, duplicates, gaps }: TimeState, all: boolean): void {
  const [minute, hour, day] = gaps
  const steps = all ? Math.max(0, count - 1) : 0
  insist(outOfOrder + duplicates + minute <= steps, 'The output counts more steps of time than there are.')
  insist(day <= hour && hour <= minute, 'The output counts more long gaps than shorter ones.')
}

function checkLongest({ count, outOfOrder, duplicates, gaps, longest }: TimeState, facts: Facts, all: boolean): void {
  const forward = all && count > 0 ? count - 1 - outOfOrder - duplicates : 0
  insist(longest.length === Math.min(forward, MOST_GAPS), 'The output lists other gaps than there are.')
  for (const [at, gap] of longest.entries()) {
    const known = gap.from < gap.to && isKnown(gap.from, facts.times) && isKnown(gap.to, facts.times)
    insist(known && gap.row < facts.rows, 'The output has a gap that cannot be.')
    insist(at === 0 || longerFirst(longest[at - 1]!, gap) < 0, 'The gaps of the output are in no order.')
  }
  insist(new Set(longest.map(({ row }) => row)).size === longest.length, 'The output has two gaps in one row.')
  for (const i of [0, 1, 2] as const) {
    const over = longest.filter((gap: Gap) => gap.to - gap.from > GAP_LIMITS[i]).length
    insist(over === Math.min(gaps[i], MOST_GAPS), 'The gaps of the output do not fit their counts.')
  }
}

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
function longerFirst(a: Gap, b: Gap): number {
  const difference = b.to - b.from - (a.to - a.from)
  return difference < 0n ? -1 : difference > 0n ? 1 : a.row - b.row
}

export function timeJson(time: TimeTotal, column: NonNullable<Layout['time']>, all: boolean): TimeResult {
  const facts = {
    column: column.name,
    format: column.format,
    count: time.count,
    empty: time.empty,
    invalid: time.bad.count,
    first: time.lowest === null ? null : isoTime(time.lowest),
    last: time.highest === null ? null : isoTime(time.highest),
    invalidPlaces: invalidPlaces(time.bad),
  }
  if (!all) return facts
  const [overMinute, overHour, overDay] = time.gaps
  const longest = time.longest.map(({ row, from, to }) => {
    return { row, from: isoTime(from), to: isoTime(to), seconds: ratio(to - from, 1n, 9) }
  })
  return {
    ...facts,
    outOfOrder: foundJson(time.outOfOrder),
    duplicates: time.duplicates,
    gaps: { overMinute, overHour, overDay, longest },
  }
}
