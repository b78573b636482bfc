import { MalformedOutput } from '../define.ts'
import type { Reader, Writer } from './bytes.ts'
import type { ColumnState } from './column.ts'
import { addTo, finite, ratio, type ScaledSum, totalOf } from './decimal.ts'
import { ascends } from './figures.ts'
import { type Layout, roleOf, volumeOf } from './params.ts'
import { checkMoment, type Facts, insist, type Moment, type Origin, type Time, timeOf } from './places.ts'
import type { CandleResult, GroupsResult, Period } from './shapes.ts'

// Groups by hour, day or month: how an output holds them, what they must keep to, how they are added up and told.

export interface CandleState {
  readonly slot: number
  readonly count: number
  readonly open: Moment
  readonly close: Moment
  readonly high: number
  readonly low: number
  /** Exact sum of a volume column, by ascending scale; empty for others. */
  readonly volume: readonly { readonly scale: number; readonly sum: bigint }[]
}

export interface GroupState {
  /** Hours, days or months since 1970. */
  readonly id: number
  readonly rows: number
  readonly candles: readonly CandleState[]
}

export function encodeGroups(out: Writer, groups: readonly GroupState[]): void {
  out.whole(groups.length)
  for (const group of groups) {
    out.integer(group.id)
    out.whole(group.rows)
    out.whole(group.candles.length)
    for (const candle of group.candles) encodeCandle(out, candle)
  }
}

export function decodeGroups(input: Reader): GroupState[] {
  return input.list(10_000_000, () => ({
    id: input.integer(),
    rows: input.u32(),
    candles: input.list(256, () => decodeCandle(input)),
  }))
}

function encodeCandle(out: Writer, candle: CandleState): void {
  out.whole(candle.slot)
  out.whole(candle.count)
  out.moment(candle.open)
  if (candle.count > 1) {
    out.moment(candle.close)
    out.double(candle.high)
    out.double(candle.low)
  }
  out.whole(candle.volume.length)
  for (const { scale, sum } of candle.volume) {
    out.integer(scale)
    out.big(sum)
  }
}

function decodeCandle(input: Reader): CandleState {
  const slot = input.whole(255)
  const count = input.u32()
  const open = input.moment()
  const close = count > 1 ? input.moment() : open
  if (!open || !close) throw new MalformedOutput('A candle in the output has no open or close.')
  const high = count > 1 ? input.double() : open.value
  const low = count > 1 ? input.double() : open.value
  const volume = input.list(1_000_000, () => ({ scale: input.scale(), sum: input.big() }))
  return { slot, count, open, close, high, low, volume }
}

const HOUR = 3_600_000_000_000n

/** `by`: null where no groups were asked for. */
export function checkGroups(
  groups: readonly GroupState[],
  columns: readonly ColumnState[],
  layout: Layout,
  by: Period | null,
  facts: Facts,
): void {
  const { times, rows, untimed } = facts
  if (!by || !times) {
    insist(groups.length === 0, 'The output has groups where there are none.')
    return
  }
  const [earliest, latest] = [groupOf(times.lowest, by), groupOf(times.highest, by)]
  const known = new Map<number, GroupState>()
  const values = columns.map(() => 0)
  for (const group of groups) {
    insist(group.id >= earliest && group.id <= latest, 'The output has a group that lies outside its times.')
    insist(!known.has(group.id), 'The output has a group twice.')
    known.set(group.id, group)
    insist(group.rows > 0, 'The output has a group of no rows.')
    checkCandles(group, layout, columns, by, facts)
    for (const { slot, count } of group.candles) values[slot]! += count
  }
  const counted = groups.reduce((sum, group) => sum + group.rows, 0)
  insist(counted === rows - untimed, 'The groups of the output do not add up to its times.')
  for (const [slot, column] of columns.entries()) {
    const candleOf = ({ time }: Moment) => known.get(groupOf(time!, by))?.candles.find((candle) => candle.slot === slot)
    checkSlot(column, values[slot]!, candleOf, untimed)
  }
}

/** Hours, days or months since 1970, as groups.as.ts counts them. */
function groupOf(time: Time, by: Period): number {
  const hours = Number((time - (((time % HOUR) + HOUR) % HOUR)) / HOUR)
  if (by === 'hour') return hours
  if (by === 'day') return Math.floor(hours / 24)
  const date = new Date(hours * 3_600_000)
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
}

function checkCandles(group: GroupState, layout: Layout, columns: readonly ColumnState[], by: Period, facts: Facts) {
  let before = -1
  for (const candle of group.candles) {
    const { slot, count, open, close, high, low } = candle
    const column = columns[slot]
    insist(slot > before && column !== undefined, 'The candles of the output are of no column, or in no order.')
    before = slot
    insist(
      count > 0 && count <= group.rows,
      'The output has a candle of no values, or of more than its group has rows.',
    )
    for (const moment of [open, close]) {
      checkMoment(moment, facts)
      const inside = moment.time !== null && groupOf(moment.time, by) === group.id
      insist(inside, 'The output has a candle that opens or closes outside its group.')
    }
    insist(
      open.time! <= close.time! && (count > 1 || same(open, close)),
      'The output has a candle that closes before it opens.',
    )
    const inside = [open, close].every(({ value }) => value >= low && value <= high)
    const possible = column.min && column.max && low >= column.min.value && high <= column.max.value
    insist(inside && possible === true, 'The output has a candle that exceeds its column.')
    checkVolume(candle, roleOf(layout.numeric[slot]!.name).volume)
  }
}

function checkVolume({ count, volume, high, low }: CandleState, asked: boolean): void {
  if (!asked) {
    insist(volume.length === 0, 'The output has a volume of a column that is none.')
    return
  }
  // A long decimal has two parts.
  insist(
    ascends(volume) && volume.length <= 2 * count,
    'The output has volumes in no order, or more of them than values.',
  )
  const { m, scale } = totalOf(new Map(volume.map(({ scale, sum }) => [scale, sum])))
  const mean = ratio(m, BigInt(count), scale)
  insist(mean >= low && mean <= high, 'The output has a volume that does not fit its values.')
}

/** Every value whose row has a time is in one candle; the first and the last by time are where they belong. */
function checkSlot(
  { count, first, last }: ColumnState,
  values: number,
  candleOf: (moment: Moment) => CandleState | undefined,
  untimed: number,
): void {
  const wrong = 'The candles of the output do not add up to their column.'
  insist(values <= count && values >= count - untimed && values > 0 === (first !== null), wrong)
  if (!first || !last) return
  const [opening, closing] = [candleOf(first), candleOf(last)]
  insist(opening !== undefined && closing !== undefined, wrong)
  insist(same(opening.open, first) && same(closing.close, last), wrong)
}

function same(a: Moment, b: Moment): boolean {
  return a.value === b.value && a.row === b.row && a.time === b.time
}

interface Candle {
  count: number
  open: Moment
  close: Moment
  high: number
  low: number
  readonly volume: ScaledSum
}

interface Group {
  readonly id: number
  rows: number
  /** By slot. */
  readonly candles: (Candle | null)[]
}

export interface GroupTotals {
  readonly slots: number
  readonly groups: Map<number, Group>
  /** True when later groups were left out: times all over the place would otherwise fill the memory. */
  omitted: boolean
}

/** Candles kept at most: eleven years of hours for four columns. */
const MOST_CANDLES = 400_000

export function createGroups(slots: number): GroupTotals {
  return { slots, groups: new Map(), omitted: false }
}

export function addGroups(totals: GroupTotals, states: readonly GroupState[], origin: Origin): void {
  for (const state of states) {
    let group = totals.groups.get(state.id)
    if (!group) {
      group = { id: state.id, rows: 0, candles: Array.from({ length: totals.slots }, () => null) }
      totals.groups.set(state.id, group)
    }
    group.rows += state.rows
    for (const candle of state.candles) addCandle(group.candles, candle, origin)
  }
  const most = mostGroups(totals)
  if (totals.groups.size > 2 * most) dropLatest(totals, most)
}

/** The groups in order of time. */
export function groupsOf(totals: GroupTotals): readonly Group[] {
  dropLatest(totals, mostGroups(totals))
  return [...totals.groups.values()].sort((a, b) => a.id - b.id)
}

function mostGroups({ slots }: GroupTotals): number {
  return Math.floor(MOST_CANDLES / Math.max(slots, 1))
}

/** Only the earliest are kept. One that is dropped could never be among them again, so the cutting makes no difference. */
function dropLatest(totals: GroupTotals, most: number): void {
  if (totals.groups.size <= most) return
  totals.omitted = true
  for (const id of [...totals.groups.keys()].sort((a, b) => a - b).slice(most)) totals.groups.delete(id)
}

function addCandle(candles: (Candle | null)[], state: CandleState, origin: Origin): void {
  const open = { ...state.open, row: state.open.row + origin.row }
  const close = { ...state.close, row: state.close.row + origin.row }
  const candle = candles[state.slot]
  if (!candle) {
    const { count, high, low } = state
    candles[state.slot] = { count, high, low, open, close, volume: new Map(state.volume.map((v) => [v.scale, v.sum])) }
    return
  }
  candle.count += state.count
  if (state.high > candle.high) candle.high = state.high
  if (state.low < candle.low) candle.low = state.low
  if (timeOf(open) < timeOf(candle.open)) candle.open = open
  if (timeOf(close) >= timeOf(candle.close)) candle.close = close
  for (const { scale, sum } of state.volume) addTo(candle.volume, scale, sum)
}

/** The part of the result that holds groups, one after the other: there may be hundreds of thousands. */
export function* groupPieces(by: Period, totals: GroupTotals, layout: Layout): Generator<string> {
  const groups = groupsOf(totals)
  const head: Omit<GroupsResult, 'items'> = { by, omitted: totals.omitted }
  yield `,"groups":${JSON.stringify(head).slice(0, -1)},"items":[`
  for (const [at, group] of groups.entries()) {
    // Written by hand: objects would put names like "2" before others.
    const columns = candlesOf(group, layout).map(
      (candle, slot) => `${JSON.stringify(layout.numeric[slot]?.name)}:${JSON.stringify(candle)}`,
    )
    const from = JSON.stringify(startOf(by, group))
    yield `${at === 0 ? '' : ','}{"from":${from},"rows":${group.rows},"columns":{${columns.join(',')}}}`
  }
  yield ']}'
}

/** By slot. */
export function candlesOf({ candles }: Group, layout: Layout): CandleResult[] {
  return candles.map((candle, slot) => {
    const from = volumeOf(layout, slot)
    const volume = from === null ? null : volumeJson(candles[from] ?? null)
    if (!candle) return { count: 0, open: null, high: null, low: null, close: null, volume }
    const { count, open, high, low, close } = candle
    return { count, open: open.value, high, low, close: close.value, volume }
  })
}

function volumeJson(candle: Candle | null): number | null {
  if (!candle) return null
  const { m, scale } = totalOf(candle.volume)
  return finite(ratio(m, 1n, scale))
}

/** ISO 8601 UTC. */
export function startOf(by: Period, { id }: Group): string {
  if (by === 'month') return new Date(Date.UTC(1970, id)).toISOString()
  return new Date(id * (by === 'hour' ? 3_600_000 : 86_400_000)).toISOString()
}
