import { timeOf } from './column-total.ts'
import { addTo, type ScaledSum } from './decimal.ts'
import type { CandleState, GroupState, Moment, Origin } from './state.ts'

export interface Candle {
  count: number
  open: Moment
  close: Moment
  high: number
  low: number
  readonly volume: ScaledSum
}

export interface Group {
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
