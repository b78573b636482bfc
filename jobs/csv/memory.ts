import type { ColumnState } from './column.ts'
import type { ScaledSum } from './decimal.ts'
import type { Figures, Sum } from './figures.ts'
import type { CandleState, GroupState } from './groups.ts'
import type { Host } from './host.ts'
import type { TaskState } from './output.ts'
import type { Moment, Place } from './places.ts'
import { REGISTERS } from './summary.ts'
import type { TimeState } from './time.ts'

// Reads a task's state out of the kernel's memory. The numbers are offsets of the classes in state.as.ts and groups.as.ts.

const LOWEST_SCALE = 310
const SCALES = 656
const VOLUME_SCALE = 18
const HALF = 10n ** 18n

export interface Source {
  readonly buffer: ArrayBuffer
  readonly host: Host
  readonly slots: number
  readonly everything: boolean
  readonly timed: boolean
  readonly spread: boolean
  readonly bins: number
  readonly table: number
  slot(index: number): number
  /** The last value by time of a slot. */
  lastOf(index: number): number
  readonly groups: { readonly count: number; readonly list: number }
}

export function readState(source: Source): TaskState {
  const view = new DataView(source.buffer)
  const { table } = source
  const u32 = (offset: number) => view.getUint32(table + offset, true)
  const unclosed = u32(16)
  const columns = Array.from({ length: source.slots }, (_, index) => readColumn(source, view, index))
  const spread = source.slot(source.slots)
  return {
    rows: u32(0),
    ragged: u32(4),
    short: u32(8),
    quotes: u32(12),
    unclosed: unclosed === 0 ? null : unclosed - 1,
    raggedPlaces: readPlaces(view, u32(80)),
    quotePlaces: readPlaces(view, u32(84)),
    columns,
    time: source.timed ? readTime(view, table) : null,
    spread: source.spread
      ? { ...readColumn(source, view, source.slots), crossed: view.getUint32(spread + 140, true) }
      : null,
    groups: readGroups(source, view),
  }
}

function readPlaces(view: DataView, at: number): Place[] {
  return Array.from({ length: view.getUint32(at, true) }, (_, i) => {
    const place = at + 16 + 12 * i
    return {
      row: view.getUint32(place, true),
      byte: view.getUint32(place + 4, true),
      reason: view.getUint32(place + 8, true),
    }
  })
}

function readTime(view: DataView, table: number): TimeState {
  const u32 = (offset: number) => view.getUint32(table + offset, true)
  const i64 = (offset: number) => view.getBigInt64(table + offset, true)
  const longest = u32(92)
  return {
    count: u32(20),
    empty: u32(24),
    invalid: u32(28),
    outOfOrder: u32(32),
    duplicates: u32(36),
    first: { time: i64(40), row: u32(56), byte: u32(116) },
    last: { time: i64(48), row: u32(60) },
    gaps: [u32(64), u32(68), u32(72)],
    longest: Array.from({ length: u32(76) }, (_, i) => ({
      row: view.getUint32(longest + 24 * i + 16, true),
      from: view.getBigInt64(longest + 24 * i, true),
      to: view.getBigInt64(longest + 24 * i + 8, true),
    })),
    places: readPlaces(view, u32(88)),
    lowest: i64(96),
    highest: i64(104),
    orderPlaces: readPlaces(view, u32(112)),
  }
}

function readColumn(source: Source, view: DataView, index: number): ColumnState {
  const at = source.slot(index)
  const u32 = (offset: number) => view.getUint32(at + offset, true)
  const time = (offset: number) => view.getBigInt64(at + offset, true)
  const rows = view.getUint32(source.table, true)
  const count = index < source.slots ? rows - u32(4) - u32(8) : u32(0)
  const extreme = (value: number, row: number, timed: number, when: number): Moment | null =>
    count === 0
      ? null
      : { value: view.getFloat64(at + value, true), row: u32(row), time: u32(timed) ? time(when) : null }
  const timed = u32(108) !== 0
  return {
    count,
    empty: u32(4),
    invalid: u32(8),
    min: extreme(16, 32, 56, 40),
    max: extreme(24, 36, 60, 48),
    first: timed ? { value: view.getFloat64(at + 88, true), row: u32(80), time: time(64) } : null,
    last: timed ? { value: source.lastOf(index), row: u32(84), time: time(72) } : null,
    places: readPlaces(view, u32(112)),
    figures: source.everything ? readFigures(source, view, index) : null,
  }
}

function readFigures(source: Source, view: DataView, index: number): Figures {
  const at = source.slot(index)
  const u32 = (offset: number) => view.getUint32(at + offset, true)
  const bins = u32(116)
  return {
    sums: readSums(view, u32(128), u32(144), source.host, index),
    registers: new Uint8Array(source.buffer, u32(120), REGISTERS).slice(),
    buckets: readBuckets(view, u32(124)),
    histogram:
      source.bins === 0
        ? null
        : {
            below: u32(132),
            above: u32(136),
            bins: Array.from({ length: source.bins }, (_, i) => view.getUint32(bins + 4 * i, true)),
          },
  }
}

function readSums(view: DataView, at: number, longs: number, host: Host, index: number): Sum[] {
  const u64 = (offset: number) => view.getBigUint64(offset, true)
  const wide = (offset: number) => u64(offset) + (u64(offset + 8) << 64n) + (u64(offset + 16) << 128n)
  const sumAt = (offset: number) => u64(offset) + (view.getBigInt64(offset + 8, true) << 64n)
  const found = new Map<number, { sum: bigint; squares: bigint }>()
  for (let i = 0; i < SCALES; i++) {
    const entry = at + 48 * i
    if (view.getUint32(entry + 40, true) !== 0)
      found.set(i - LOWEST_SCALE, { sum: sumAt(entry), squares: wide(entry + 16) })
    const long = view.getUint32(longs + 4 * i, true)
    if (long === 0) continue
    // Of m·10¹⁸ + low: figures.as.ts.
    const known = found.get(i - LOWEST_SCALE) ?? { sum: 0n, squares: 0n }
    const sum = sumAt(long) * HALF + sumAt(long + 48)
    const squares = wide(long + 16) * HALF ** 2n + 2n * wide(long + 96) * HALF + wide(long + 64)
    found.set(i - LOWEST_SCALE, { sum: known.sum + sum, squares: known.squares + squares })
  }
  const big = host.sumsOf(index)
  for (const [scale, sum] of big?.sum ?? []) {
    const known = found.get(scale) ?? { sum: 0n, squares: 0n }
    found.set(scale, { sum: known.sum + sum, squares: known.squares + (big?.squares.get(scale) ?? 0n) })
  }
  return [...found].map(([scale, sums]) => ({ scale, ...sums })).sort((a, b) => a.scale - b.scale)
}

function readBuckets(view: DataView, pages: number): (readonly [number, number])[] {
  const buckets: (readonly [number, number])[] = []
  for (let high = 0; high < 4096; high++) {
    const page = view.getUint32(pages + 4 * high, true)
    if (page === 0) continue
    for (let low = 0; low < 128; low++) {
      const count = view.getUint32(page + 4 * low, true)
      if (count > 0) buckets.push([high * 128 + low, count])
    }
  }
  return buckets
}

function readGroups(source: Source, view: DataView): GroupState[] {
  return Array.from({ length: source.groups.count }, (_, index) => {
    const at = view.getUint32(source.groups.list + 4 * index, true)
    const candles: CandleState[] = []
    for (let slot = 0; slot < source.slots; slot++) {
      const candle = readCandle(view, at + 16 + 80 * slot, slot, source.host.volumesOf(index, slot))
      if (candle) candles.push(candle)
    }
    return { id: Number(view.getBigInt64(at, true)), rows: view.getUint32(at + 8, true), candles }
  })
}

function readCandle(view: DataView, at: number, slot: number, big: ScaledSum | undefined): CandleState | null {
  const count = view.getUint32(at, true)
  if (count === 0) return null
  const moment = (value: number, row: number, time: number): Moment => ({
    value: view.getFloat64(at + value, true),
    row: view.getUint32(at + row, true),
    time: view.getBigInt64(at + time, true),
  })
  const volume = new Map(big)
  const sum = view.getBigUint64(at + 64, true) + (view.getBigInt64(at + 72, true) << 64n)
  if (sum !== 0n) volume.set(VOLUME_SCALE, sum + (volume.get(VOLUME_SCALE) ?? 0n))
  return {
    slot,
    count,
    open: moment(48, 4, 32),
    close: moment(56, 8, 40),
    high: view.getFloat64(at + 16, true),
    low: view.getFloat64(at + 24, true),
    volume: [...volume].map(([scale, sum]) => ({ scale, sum })).sort((a, b) => a.scale - b.scale),
  }
}
