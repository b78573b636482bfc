// Rows of a price history are mostly like the row before: every cell a number, as many digits, a little later. Such rows
// are read here, each cell in a lane of its own that remembers the shape of the one before; any other row is left to
// kernel.as.ts, which reads every row. For the extremes, and engines with SIMD.

import { alloc, columns, decimal, delimiter, eol, slotOf, TIME } from './config.as'
import { addPlain } from './figures.as'
import { crlf, nextStop } from './fields.as'
import { numberOf } from './number.as'
import { KNOWN, Slot, slotAt, table } from './state.as'
import { bareTime, time } from './time.as'

@unmanaged
class Lane {
  shape: Shape // 0
  /** Null where the column is not asked for. */
  slot: Slot
  /** The last value. */
  m: i64 // 8
  /** The range of integers of this shape's scale that changes nothing. */
  known: usize // 16
  unused: u32
}
const LANE_BYTES: usize = 24
/** A wider file is read the other way. */
const MOST_COLUMNS: u32 = 4096
const SIGNED: u32 = 1

let lanes: usize = 0
let behind: usize = 0
let timed: bool = false
/** A time that is not quoted needs no look for its end first. */
let plain: bool = false

/** Time, where there is one, must stand first. */
export function createLanes(plainTime: bool): void {
  lanes = 0
  plain = plainTime
  timed = isTime(0)
  for (let column: u32 = 1; column < columns; column++) if (isTime(column)) return
  const first = u32(timed)
  if (!ASC_FEATURE_SIMD || columns > MOST_COLUMNS || columns <= first) return
  lanes = alloc(LANE_BYTES * <usize>columns)
  behind = lanes + LANE_BYTES * <usize>(columns - first)
}

function isTime(column: u32): bool {
  return <i32>load<i16>(slotOf + (<usize>column << 1)) == TIME
}

/** Opens the lanes once every column has what rows like those before only move on. */
export function openLanes(): bool {
  if (!lanes || (timed && !table.timeCount)) return false
  const first = u32(timed)
  for (let column = first; column < columns; column++) {
    const lane = changetype<Lane>(lanes + LANE_BYTES * <usize>(column - first))
    const index: i32 = load<i16>(slotOf + (<usize>column << 1))
    lane.slot = index < 0 ? changetype<Slot>(0) : slotAt(index)
    if (index < 0) continue
    if (timed && !lane.slot.timed) return false
    take(lane, changetype<usize>(anyShape(column + 1 == columns)))
  }
  return true
}

function take(lane: Lane, shape: usize): void {
  lane.shape = changetype<Shape>(shape)
  lane.known = changetype<usize>(lane.slot) + KNOWN + (<usize>lane.shape.scale << 4)
}

/** Reads rows from `from` that start before `until`; answers where the first other one starts. */
export function readLanes(from: usize, until: usize): usize {
  if (!ASC_FEATURE_SIMD) return from
  let p = from
  let row = table.rows
  let newest = table.highestTime
  const all = lanes
  const last = behind - LANE_BYTES
  const dated = timed
  const separator = delimiter
  while (p < until) {
    let q = p
    let now = newest
    if (dated) {
      const quoted = usize(load<u8>(p) == 34)
      q = quoted || plain ? bareTime(p + quoted) : 0
      now = time
      if (!q || now < newest || load<u8>(q + quoted) != separator || (quoted && load<u8>(q) != 34)) break
      q += quoted + 1
    }
    let at = all
    for (; q && at < last; at += LANE_BYTES) q = readCell(changetype<Lane>(at), q, row, now, false)
    if (q) q = readCell(changetype<Lane>(last), q, row, now, true)
    if (!q) break
    p = q
    newest = now
    row++
  }
  if (row > table.rows) settle(row, newest)
  return p
}

/** Behind the cell at `p` and what ends it; 0 where it is none for a lane. What a lane keeps it may keep: the row is read again. */
// @ts-ignore: decorator
@inline
function readCell(lane: Lane, p: usize, row: u32, now: i64, last: bool): usize {
  let shape = lane.shape
  if (!changetype<usize>(shape)) return behindCell(nextStop(p), last)
  const bytes = v128.load(p)
  let digits = v128.xor(bytes, v128.load(changetype<usize>(shape)))
  if (v128.any_true(i8x16.sub_sat_u(digits, v128.load(changetype<usize>(shape), 16)))) {
    if (!reshape(lane, p, last)) return 0
    shape = lane.shape
    digits = v128.xor(bytes, v128.load(changetype<usize>(shape)))
  }
  const next = last ? behindCell(p + shape.length, true) : p + shape.length + 1
  if (last && !next) return 0
  const value = <i64>numberOf(i8x16.swizzle(digits, v128.load(changetype<usize>(shape), 32)))
  const m = (value ^ shape.sign) - shape.sign
  lane.m = m
  if (m < load<i64>(lane.known) || m > load<i64>(lane.known, 8)) extend(lane, row, now)
  return next
}

/** Behind the byte at `q` where it ends a cell, the last of its row or another; else 0. */
// @ts-ignore: decorator
@inline
function behindCell(q: usize, last: bool): usize {
  const c: u32 = load<u8>(q)
  if (!last) return c == delimiter ? q + 1 : 0
  if (c == eol) return q + 1
  return c == 13 && crlf(q) ? q + 2 : 0
}

function reshape(lane: Lane, p: usize, last: bool): bool {
  const shape = shapeOf(p, last)
  if (!shape) return false
  if (changetype<Shape>(shape).sign && lane.slot.role & SIGNED) return false
  // A lane's shape is that of its last value: nothing may be taken that is no value after all.
  if (last && !behindCell(p + changetype<Shape>(shape).length, true)) return false
  take(lane, shape)
  return true
}

function extend(lane: Lane, row: u32, now: i64): void {
  addPlain(lane.slot, lane.m, lane.shape.scale, row, timed, now)
}

function settle(row: u32, newest: i64): void {
  if (timed) {
    for (let at = lanes; at < behind; at += LANE_BYTES) {
      const lane = changetype<Lane>(at)
      if (!changetype<usize>(lane.slot)) continue
      lane.slot.lastTime = newest
      lane.slot.lastRow = row - 1
      lane.slot.lastM = lane.m
      lane.slot.lastK = lane.shape.scale
    }
    table.timeCount += row - table.rows
    table.lastTime = newest
    table.lastRow = row - 1
    table.highestTime = newest
  }
  table.rows = row
}

// Shapes of numbers: how many digits, where the point is, which byte follows. A cell that has a known shape is read without
// looking at its bytes one by one.

/** What differs from `template` by at most `limit` is of this shape; `gather` then finds its digits. */
@unmanaged
class Shape {
  /** Zeros where digits are, the other bytes as they must be. 16 bytes each. */
  template: u64 // 0
  template2: u64
  limit: u64 // 16
  limit2: u64
  gather: u64 // 32
  gather2: u64
  /** Of the number; the byte that ends it stands behind. */
  length: u32 // 48
  scale: u32
  /** −1 below zero, else 0. */
  sign: i64 // 56
}
const SHAPE_BYTES: usize = 64
/** One byte behind the number must be seen with it. */
const MOST_LENGTH: usize = 15
const POINTS: usize = MOST_LENGTH + 1

/** What may end a number: the delimiter, the line end, the CR before an LF. */
const ENDS: usize = 3
const QUOTE: u8 = 34
const MINUS: u8 = 45
let shapes: usize = 0

export function createShapes(): void {
  if (!ASC_FEATURE_SIMD) return
  shapes = alloc(ENDS * 4 * MOST_LENGTH * POINTS * SHAPE_BYTES)
  for (let ending: usize = 0; ending < ENDS; ending++)
    for (let quoted: usize = 0; quoted < 2; quoted++)
      for (let negative: usize = 0; negative < 2; negative++)
        for (let length: usize = 2 * quoted + negative + 1; length <= MOST_LENGTH; length++)
          for (let point: usize = quoted + negative; point <= length - quoted; point++)
            createShape(ending, quoted, negative, length, point)
}

/** `point`: its place, or that of the byte behind the digits where there is none. */
function createShape(ending: usize, quoted: usize, negative: usize, length: usize, point: usize): void {
  const split = usize(point < length - quoted)
  const first = quoted + negative
  const digits = length - quoted - first - split
  if (!digits) return
  const at = shapeAt(ending, quoted, negative, length, point)
  memory.fill(at, 48, length)
  memory.fill(at + 16, 9, length)
  memory.fill(at + 17 + length, 255, MOST_LENGTH - length)
  memory.fill(at + 32, 255, 16)
  fix(at, length, <u8>(ending == 0 ? delimiter : ending == 1 ? eol : 13))
  if (quoted) {
    fix(at, 0, QUOTE)
    fix(at, length - 1, QUOTE)
  }
  if (negative) fix(at, quoted, MINUS)
  if (split) fix(at, point, <u8>decimal)
  for (let i: usize = 0; i < digits; i++) store<u8>(at + 48 - digits + i, first + i + usize(first + i >= point))
  const shape = changetype<Shape>(at)
  shape.length = <u32>length
  shape.scale = split ? <u32>(length - quoted - 1 - point) : 0
  shape.sign = negative ? -1 : 0
}

function fix(at: usize, place: usize, byte: u8): void {
  store<u8>(at + place, byte)
  store<u8>(at + 16 + place, 0)
}

// @ts-ignore: decorator
@inline
function shapeAt(ending: usize, quoted: usize, negative: usize, length: usize, point: usize): usize {
  return shapes + ((((ending * 2 + quoted) * 2 + negative) * MOST_LENGTH + length - 1) * POINTS + point) * SHAPE_BYTES
}

/** One to begin with. */
function anyShape(last: bool): usize {
  return shapeAt(usize(last), 0, 0, 1, 1)
}

/** The shape of the cell at `p`; 0 where it is no such number. `last`: it must end its row, else it must not. */
function shapeOf(p: usize, last: bool): usize {
  const bytes = v128.load(p)
  const quoted = usize(load<u8>(p) == QUOTE)
  const negative = usize(load<u8>(p + quoted) == MINUS)
  const first = quoted + negative
  const points = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>decimal)))
  const split = points & -points
  const others = i8x16.bitmask(i8x16.gt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(9))) & ~split
  const digitsEnd = <usize>ctz((others >>> <i32>first) << <i32>first)
  const length = digitsEnd + quoted
  const point = min(<usize>ctz(split), digitsEnd)
  if (length > MOST_LENGTH || digitsEnd - usize(point < digitsEnd) <= first) return 0
  if (quoted && load<u8>(p + digitsEnd) != QUOTE) return 0
  const c: u32 = load<u8>(p + length)
  if (!last) return c == delimiter ? shapeAt(0, quoted, negative, length, point) : 0
  return c == eol ? shapeAt(1, quoted, negative, length, point) : c == 13 ? shapeAt(2, quoted, negative, length, point) : 0
}
