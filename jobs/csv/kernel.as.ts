// Reads records from bytes. Knows no index and no record over the limit: it is given whole
// records only. Rules of quoting are in README.md.

import { alloc, columns, decimal, delimiter, eol, everything, freeFrom, freeTask, groupBy, markTask, priceMax, priceMin, SKIP, slotOf, slots, TIME } from './config.as'
import { addPlain, Cell, cellAt, createCells, lastValue, valueOf } from './figures.as'
import { base, closeContent, content, contentFrom, contentTo, createScratch, crlf, end, openInput, PADDING, skipField } from './fields.as'
import { createGroups } from './groups.as'
import { createLanes, createShapes, openLanes, readLanes } from './lanes.as'
import { EMPTY, FAST, INVALID, k, low, m, parse, reason, value as longValue } from './number.as'
import { addCell, addRow } from './rows.as'
import { addPlace, createState, slotAt, table } from './state.as'
import { forgetClock } from './clock.as'
import { bareTime, parseTime, program, time } from './time.as'

export { setDialect, setHistogram, setPrice, setStatistics, taskBytes } from './config.as'
export { groupCount, groupList } from './groups.as'
export { fives } from './number.as'

const NEGATIVE: u32 = 4
const OUTSIDE: u32 = 5
const NOT_A_TIME: u32 = 6
const NOT_NEGATIVE: u32 = 1
const PRICED: u32 = 2
const MOST_WAIT: u32 = 63

let roles: usize = 0
let cells: usize = 0
let input: usize = 0
let inputRoom: usize = 0
let timePlain: bool = true
/** Whether any value must be held against a price range. */
let priced: bool = false
/** Extremes are taken as cells are read: the time stands before them, or there is none. */
let direct: bool = false
let rowTimed: bool = false
let rowTime: i64 = 0

/** After the set… calls: `roleBytes` to fill, one byte per slot; see Slot.role. */
export function prepare(largestInput: u32, plainTime: bool, priceGiven: bool, timeFirst: bool): usize {
  direct = timeFirst && !everything
  timePlain = plainTime
  priced = priceGiven
  roles = alloc(slots + 1)
  cells = createCells(slots + 1)
  createScratch()
  createShapes()
  createLanes(plainTime)
  inputRoom = largestInput
  input = alloc(inputRoom + PADDING)
  markTask()
  return roles
}

export function timeProgram(): usize {
  return program
}

export function inputAt(length: u32): usize {
  if (<usize>length <= inputRoom) freeTask()
  else {
    // It is the last of what outlives a task, so it can grow where it stands.
    freeFrom(input)
    inputRoom = length
    input = alloc(inputRoom + PADDING)
    markTask()
  }
  return input
}

export function tableAt(): usize {
  return changetype<usize>(table)
}

export function slotStateAt(index: u32): usize {
  return changetype<usize>(slotAt(index))
}

export function lastOf(index: u32): f64 {
  return lastValue(slotAt(index))
}

/** Starts a task on the `length` bytes at `inputAt`. */
export function begin(length: u32): void {
  openInput(input, length)
  forgetClock()
  createState(roles)
  if (groupBy) createGroups()
}

/** Reads records until `limit` bytes are behind; answers how many are. */
export function proceed(limit: u32): u32 {
  const until = min(end, base + limit)
  let p = base + done
  // Locals, because every call might change a global and a load per byte is what this loop cannot afford.
  const separator = delimiter
  const point = decimal
  const ending = eol
  const width = columns
  const map = slotOf
  const room = cells
  const origin = base
  const strict = priced
  const straight = direct
  let lanes = false
  let wait: u32 = 0
  let left: u32 = 0
  while (p < until) {
    if (left) left--
    else if (lanes) {
      const next = readLanes(p, until)
      // The more rows in turn they could not read, the more seldom they are asked.
      wait = next > p ? 0 : min(2 * wait + 1, MOST_WAIT)
      left = wait
      p = next
      if (p >= until) break
    }
    const start = p
    let c: u32 = load<u8>(p)
    // A blank line is a row only where one column makes it an empty cell.
    if (width != 1) {
      if (c == ending) {
        p++
        continue
      }
      if (c == 13 && crlf(p)) {
        p += 2
        continue
      }
    }
    let column: u32 = 0
    rowTimed = false
    for (;;) {
      const slot: i32 = column < width ? load<i16>(map + (<usize>column << 1)) : SKIP
      let q = p
      if (slot >= 0) {
        c = load<u8>(q)
        const negative = c == 45
        if (negative || c == 43) c = load<u8>(++q)
        const from = q
        let value: u64 = 0
        let digit = c - 48
        while (digit < 10) {
          value = value * 10 + digit
          c = load<u8>(++q)
          digit = c - 48
        }
        let digits = q - from
        let scale: usize = 0
        if (c == point) {
          const fraction = ++q
          c = load<u8>(q)
          digit = c - 48
          while (digit < 10) {
            value = value * 10 + digit
            c = load<u8>(++q)
            digit = c - 48
          }
          scale = q - fraction
          digits += scale
        }
        if (digits - 1 < 18 && (c == separator || c == ending || (c == 13 && crlf(q)))) {
          if (straight && !(strict | negative)) addPlain(slotAt(slot), <i64>value, <i32>scale, table.rows, rowTimed, rowTime)
          else {
            const cell = cellAt(room, slot)
            cell.kind = FAST
            cell.m = negative ? -(<i64>value) : <i64>value
            cell.k = <i32>scale
            cell.at = <u32>(p - origin)
            if (strict | negative) judge(slot, cell)
            if (straight) addCell(slotAt(slot), cell, table.rows, rowTimed, rowTime)
          }
        } else {
          q = numberField(p, slot, c == separator || c == ending ? q : 0)
          c = load<u8>(q)
          if (straight) addCell(slotAt(slot), cellAt(room, slot), table.rows, rowTimed, rowTime)
        }
      } else {
        q = slot == TIME ? timeCell(p) : skipField(p)
        c = load<u8>(q)
      }
      column++
      p = q + 1
      if (c != separator || q >= end) {
        if (c == 13 && ending != 13) p++
        break
      }
    }
    if (column != width) uneven(column, start)
    addRow(room, rowTimed, rowTime, <u32>(start - origin), straight)
    if (!lanes && straight && !strict) lanes = openLanes()
  }
  done = min(p, end) - base
  return <u32>done
}
let done: usize = 0
export function rewind(): void {
  done = 0
}

/** An unquoted time is read where it stands. */
// @ts-ignore: decorator
@inline
function timeCell(p: usize): usize {
  if (timePlain) {
    const q = bareTime(p)
    const c: u32 = load<u8>(q)
    if (q && (c == delimiter || c == eol || (c == 13 && crlf(q)))) {
      rowTimed = true
      rowTime = time
      return q
    }
  }
  return timeField(p)
}

/** Missing cells are empty; extra ones make the row ragged. */
function uneven(column: u32, start: usize): void {
  if (column > columns) {
    table.ragged++
    addPlace(table.raggedPlaces, table.rows, <u32>(start - base), 0)
    return
  }
  table.short++
  for (; column < columns; column++) {
    const slot: i32 = load<i16>(slotOf + (<usize>column << 1))
    if (slot >= 0) {
      if (direct) slotAt(slot).empty++
      else cellAt(cells, slot).kind = EMPTY
    }
    else if (slot == TIME) table.timeEmpty++
  }
}

/** A number must also be what its column allows. */
function judge(slot: i32, cell: Cell): void {
  const role: u32 = load<u8>(roles + slot)
  if (role & NOT_NEGATIVE && valueOf(cell) < 0) return reject(cell, NEGATIVE)
  if (role & PRICED) {
    const value = valueOf(cell)
    if (!(value >= priceMin && value <= priceMax)) reject(cell, OUTSIDE)
  }
}

function reject(cell: Cell, why: u32): void {
  cell.kind = INVALID
  cell.k = why
}

/** `until`: where a field ends that nothing is to be taken off from; 0 where that is not known. */
function numberField(p: usize, slot: i32, until: usize): usize {
  const q = until ? until : content(p)
  const from = until ? p : contentFrom
  const to = until ? until : contentTo
  const cell = cellAt(cells, slot)
  cell.at = <u32>(p - base)
  if (from == to) {
    cell.kind = EMPTY
    return q
  }
  const kind = parse(from, to, slot)
  cell.kind = kind
  if (kind == INVALID) {
    cell.k = reason
    return q
  }
  cell.m = m
  cell.k = k
  cell.low = low
  cell.value = longValue
  judge(slot, cell)
  return q
}

function timeField(p: usize): usize {
  const q = content(p)
  closeContent()
  if (contentFrom == contentTo) table.timeEmpty++
  else if (parseTime(contentFrom) == contentTo) {
    rowTimed = true
    rowTime = time
  } else {
    table.timeInvalid++
    addPlace(table.timePlaces, table.rows, <u32>(p - base), NOT_A_TIME)
  }
  return q
}
