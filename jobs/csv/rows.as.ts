// A finished row into the figures: what needs several of its cells at once, the order of times among them.

import { askSlot, bidSlot, everything, groupBy, slots } from './config.as'
import { addEverything, addExtreme, Cell, cellAt, isNumber } from './figures.as'
import { addToGroup, enterGroup } from './groups.as'
import { FAST, HALF, INVALID, LONG, longDouble, SLOW, tenTo } from './number.as'
import { addPlace, Slot, slotAt, table } from './state.as'

// @ts-ignore: decorator
@external("host", "spread")
declare function hostSpread(
  askKind: u32,
  askM: i64,
  askLow: i64,
  askK: i32,
  bidKind: u32,
  bidM: i64,
  bidLow: i64,
  bidK: i32,
): f64

const MINUTE: u64 = 60000000000
const HOUR: u64 = 3600000000000
const DAY: u64 = 86400000000000
const MOST_GAPS: u32 = 10

const spreadCell = memory.data(48, 16)

/** `cells`: one Cell per slot, already judged. */
// @ts-ignore: decorator
@inline
export function addRow(cells: usize, timed: bool, time: i64, start: u32, direct: bool): void {
  const row = table.rows
  table.rows = row + 1
  if (timed) {
    addTime(row, time, start)
    if (groupBy) enterGroup(time)
  }
  // Where the time comes first, the extremes have been taken as the cells were read.
  if (direct) return
  for (let i: u32 = 0; i < slots; i++) {
    const cell = cellAt(cells, i)
    const slot = slotAt(i)
    if (isNumber(cell)) {
      addExtreme(slot, cell, row, timed, time)
      if (!everything) continue
      addEverything(slot, i, cell)
      if (groupBy && timed) addToGroup(i, cell, row, time)
    } else addOther(slot, cell, row)
  }
  if (everything && askSlot >= 0) addSpread(cells, row, timed, time)
}

/** One judged cell into the extremes, for rows whose time is already known. */
export function addCell(slot: Slot, cell: Cell, row: u32, timed: bool, time: i64): void {
  if (isNumber(cell)) addExtreme(slot, cell, row, timed, time)
  else addOther(slot, cell, row)
}

function addOther(slot: Slot, cell: Cell, row: u32): void {
  if (cell.kind == INVALID) {
    slot.invalid++
    addPlace(slot.places, row, cell.at, <u32>cell.k)
  } else slot.empty++
}

// @ts-ignore: decorator
@inline
function addTime(row: u32, time: i64, start: u32): void {
  if (!table.timeCount) {
    table.firstTime = time
    table.firstRow = row
    table.firstByte = start
    table.lowestTime = time
    table.highestTime = time
  } else if (everything) {
    // Times reach over 584 years: their distance needs all 64 bits.
    const gap = <u64>(time - table.lastTime)
    if (time < table.lastTime) {
      table.outOfOrder++
      addPlace(table.orderPlaces, row, start, 0)
    } else if (!gap) table.duplicates++
    else {
      if (gap > MINUTE) {
        table.gapMinute++
        if (gap > HOUR) {
          table.gapHour++
          if (gap > DAY) table.gapDay++
        }
      }
      addGap(row, table.lastTime, time)
    }
  }
  if (time < table.lowestTime) table.lowestTime = time
  if (time > table.highestTime) table.highestTime = time
  table.timeCount++
  table.lastTime = time
  table.lastRow = row
}

/** Keeps the longest gaps, longest first, earlier rows first among equals. Entries: from, to (i64), row (u32). */
// @ts-ignore: decorator
@inline
function addGap(row: u32, from: i64, to: i64): void {
  const list = table.longest
  if (table.gaps == MOST_GAPS) {
    const last = list + 24 * (MOST_GAPS - 1)
    if (<u64>(to - from) <= load<u64>(last, 8) - load<u64>(last)) return
  }
  insertGap(list, row, from, to)
}

function insertGap(list: usize, row: u32, from: i64, to: i64): void {
  let at = min(table.gaps, MOST_GAPS - 1)
  table.gaps = at + 1
  for (; at > 0; at--) {
    const before = list + 24 * <usize>(at - 1)
    if (load<u64>(before, 8) - load<u64>(before) >= <u64>(to - from)) break
    memory.copy(before + 24, before, 24)
  }
  const place = list + 24 * <usize>at
  store<i64>(place, from)
  store<i64>(place, to, 8)
  store<u32>(place, row, 16)
}

const UNIT: i64 = 1000000000000000000

/** Ask − Bid as an exact decimal, where a row has both. */
function addSpread(cells: usize, row: u32, timed: bool, time: i64): void {
  const ask = cellAt(cells, askSlot)
  const bid = cellAt(cells, bidSlot)
  if (!isNumber(ask) || !isNumber(bid)) return
  const cell = changetype<Cell>(spreadCell)
  const slot = slotAt(slots)
  let crossed = false
  if (aligned(cell, ask, bid) || halves(cell, ask, bid)) crossed = cell.m < 0
  else {
    cell.kind = SLOW
    cell.value = hostSpread(ask.kind, ask.m, ask.low, ask.k, bid.kind, bid.m, bid.low, bid.k)
    // A difference too small for a double still has its sign.
    crossed = reinterpret<i64>(cell.value) < 0
    if (cell.value == 0) cell.value = 0
  }
  if (crossed) {
    slot.crossed++
    addPlace(slot.places, row, ask.at, 0)
  }
  slot.count++
  addExtreme(slot, cell, row, timed, time)
  addEverything(slot, slots, cell)
}

/** Both with the finer scale of the two, where 18 digits are enough for that. */
// @ts-ignore: decorator
@inline
function aligned(cell: Cell, ask: Cell, bid: Cell): bool {
  const scale = max(ask.k, bid.k)
  const askShift = scale - ask.k
  const bidShift = scale - bid.k
  if (ask.kind != FAST || bid.kind != FAST || <u32>askShift > HALF || <u32>bidShift > HALF) return false
  const askPower = tenTo(askShift)
  const bidPower = tenTo(bidShift)
  if (<u64>abs(ask.m) > <u64>UNIT / askPower || <u64>abs(bid.m) > <u64>UNIT / bidPower) return false
  cell.kind = FAST
  cell.m = ask.m * <i64>askPower - bid.m * <i64>bidPower
  cell.k = scale
  return true
}

/** Numbers in two halves, where both have one scale. */
function halves(cell: Cell, ask: Cell, bid: Cell): bool {
  if (ask.kind == SLOW || bid.kind == SLOW || ask.k != bid.k) return false
  let high = (ask.kind == LONG ? ask.m : 0) - (bid.kind == LONG ? bid.m : 0)
  let low = (ask.kind == LONG ? ask.low : ask.m) - (bid.kind == LONG ? bid.low : bid.m)
  const over = low / UNIT
  high += over
  low -= over * UNIT
  // One sign for both.
  if (high > 0 && low < 0) {
    high--
    low += UNIT
  } else if (high < 0 && low > 0) {
    high++
    low -= UNIT
  }
  cell.k = ask.k
  cell.m = high ? high : low
  cell.low = low
  cell.kind = high ? LONG : FAST
  if (!high) return true
  const size = longDouble(abs(high), abs(low), cell.k, false)
  cell.value = high < 0 ? -size : size
  return size == size
}
