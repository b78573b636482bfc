// What a task knows of its rows so far. Offsets of Slot and Table are mirrored in memory.ts, which reads them.

import { alloc, bins, everything, slots } from './config.as'
import { HIGHEST_SCALE, LOWEST_SCALE } from './number.as'

export const MOST_PLACES: u32 = 100
export const SCALES: u32 = <u32>(LOWEST_SCALE + HIGHEST_SCALE + 1)
export const REGISTERS: u32 = 4096
/** Per scale: Σm in 128 bits, Σm² in 192, and whether there is any. */
export const SUM_BYTES: usize = 48
/** Scales up to here keep the range of integers that are known to lie within the extremes. */
export const KNOWN_SCALES: u32 = 20
export const KNOWN: usize = 160

/** What is known of one numeric column, or of the spread. */
@unmanaged
export class Slot {
  /** Of the spread only: a column has what is neither empty nor invalid. */
  count: u32 // 0
  empty: u32
  invalid: u32 // 8
  /** 1: must not be negative; 2: must lie within the price range; 4: a volume. */
  role: u32
  min: f64 // 16
  max: f64
  minRow: u32 // 32
  maxRow: u32
  minTime: i64 // 40
  maxTime: i64
  minTimed: u32 // 56
  maxTimed: u32
  firstTime: i64 // 64
  lastTime: i64
  firstRow: u32 // 80
  lastRow: u32
  first: f64 // 88
  /** The last value by time, exact while lastK is a scale; the double's bits where lastK is LAST_IS_DOUBLE. */
  lastM: i64 // 96
  lastK: i32 // 104
  timed: u32
  places: Places // 112
  bins: usize
  registers: usize // 120
  pages: usize
  sums: usize // 128
  below: u32
  above: u32 // 136
  crossed: u32
  longs: usize // 144
  unused: u32
}

/** The first places of something worth showing: row, byte, reason, 12 bytes each. */
@unmanaged
export class Places {
  count: u32
}

/** What is known of the rows as such. */
@unmanaged
export class Table {
  rows: u32 // 0
  ragged: u32
  short: u32 // 8
  quotes: u32
  unclosed: u32 // 16: byte + 1
  timeCount: u32
  timeEmpty: u32 // 24
  timeInvalid: u32
  outOfOrder: u32 // 32
  duplicates: u32
  firstTime: i64 // 40: in the order of rows
  lastTime: i64
  firstRow: u32 // 56
  lastRow: u32
  gapMinute: u32 // 64
  gapHour: u32
  gapDay: u32 // 72
  gaps: u32
  raggedPlaces: Places // 80
  quotePlaces: Places
  timePlaces: Places // 88
  longest: usize
  lowestTime: i64 // 96
  highestTime: i64
  orderPlaces: Places // 112
  firstByte: u32
}

export const LAST_IS_DOUBLE: i32 = i32.MIN_VALUE

export let table: Table = changetype<Table>(0)
let first: usize = 0
/** A Slot and, behind it, the least and largest integer of every scale known to lie within the extremes. */
export const SLOT_BYTES: usize = KNOWN + 16 * <usize>KNOWN_SCALES

// @ts-ignore: decorator
@inline
export function slotAt(index: u32): Slot {
  return changetype<Slot>(first + <usize>index * SLOT_BYTES)
}

/** Empty tables for `slots` columns and the spread, behind the mark of the task. */
export function createState(roles: usize): void {
  table = changetype<Table>(alloc(offsetof<Table>()))
  table.raggedPlaces = createPlaces()
  table.quotePlaces = createPlaces()
  table.timePlaces = createPlaces()
  table.orderPlaces = createPlaces()
  table.longest = alloc(32 * 10)
  first = alloc(SLOT_BYTES * (<usize>slots + 1))
  for (let i: u32 = 0; i <= slots; i++) {
    const slot = slotAt(i)
    slot.role = i < slots ? load<u8>(roles + i) : 0
    slot.min = Infinity
    slot.max = -Infinity
    slot.places = createPlaces()
    slot.firstTime = i64.MAX_VALUE
    slot.lastTime = i64.MIN_VALUE
    const known = changetype<usize>(slot) + KNOWN
    for (let scale: usize = 0; scale < KNOWN_SCALES; scale++) {
      store<i64>(known + scale * 16, i64.MAX_VALUE)
      store<i64>(known + scale * 16, i64.MIN_VALUE, 8)
    }
    if (!everything) continue
    slot.registers = alloc(REGISTERS)
    slot.pages = alloc(4 * 4096)
    slot.sums = alloc(SUM_BYTES * SCALES)
    slot.longs = alloc(4 * SCALES)
    if (bins) slot.bins = alloc(4 * <usize>bins)
  }
}

function createPlaces(): Places {
  return changetype<Places>(alloc(16 + 12 * MOST_PLACES))
}

export function addPlace(places: Places, row: u32, byte: u32, reason: u32): void {
  if (places.count >= MOST_PLACES) return
  const at = changetype<usize>(places) + 16 + 12 * <usize>places.count
  places.count++
  store<u32>(at, row)
  store<u32>(at, byte, 4)
  store<u32>(at, reason, 8)
}
