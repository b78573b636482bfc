// One valid value into its column's figures.

import { alloc, bins, everything, histogramMin, histogramWidth } from './config.as'
import { FAST, INVALID, LONG, LOWEST_SCALE, mulHigh, toDouble } from './number.as'
import { KNOWN, KNOWN_SCALES, LAST_IS_DOUBLE, REGISTERS, Slot, SUM_BYTES } from './state.as'

// @ts-ignore: decorator
@external("host", "addSlow")
declare function hostAddSlow(slot: u32): void

/** A cell as number.as.ts reads it. */
@unmanaged
export class Cell {
  kind: u32
  k: i32
  m: i64
  value: f64
  /** The lower half of what is LONG. */
  low: i64
  /** Where the field starts. */
  at: u32
}
const CELL_BYTES: usize = 48

export function createCells(count: usize): usize {
  return alloc(count * CELL_BYTES)
}

// @ts-ignore: decorator
@inline
export function cellAt(cells: usize, index: u32): Cell {
  return changetype<Cell>(cells + <usize>index * CELL_BYTES)
}

// @ts-ignore: decorator
@inline
export function isNumber(cell: Cell): bool {
  return cell.kind - 1 < INVALID - 1
}

export function addExtreme(slot: Slot, cell: Cell, row: u32, timed: bool, time: i64): void {
  if (cell.kind == FAST && <u32>cell.k < KNOWN_SCALES) return addPlain(slot, cell.m, cell.k, row, timed, time)
  widen(slot, valueOf(cell), row, timed, time)
  if (!timed) return
  if (cell.kind == FAST) addTimed(slot, cell.m, cell.k, row, time)
  else addTimed(slot, reinterpret<i64>(cell.value), LAST_IS_DOUBLE, row, time)
}

/** m × 10^−k, k < KNOWN_SCALES. Only a value outside what is known to lie within the extremes can change them. */
// @ts-ignore: decorator
@inline
export function addPlain(slot: Slot, m: i64, k: i32, row: u32, timed: bool, time: i64): void {
  const known = changetype<usize>(slot) + KNOWN + (<usize>k << 4)
  if (m < load<i64>(known) || m > load<i64>(known, 8)) {
    widen(slot, toDouble(m, k), row, timed, time)
    if (m < load<i64>(known)) store<i64>(known, m)
    if (m > load<i64>(known, 8)) store<i64>(known, m, 8)
  }
  if (timed) addTimed(slot, m, k, row, time)
}

// @ts-ignore: decorator
@inline
export function valueOf(cell: Cell): f64 {
  return cell.kind == FAST ? toDouble(cell.m, cell.k) : cell.value
}

function widen(slot: Slot, value: f64, row: u32, timed: bool, time: i64): void {
  if (value < slot.min) {
    slot.min = value
    slot.minRow = row
    slot.minTimed = timed
    slot.minTime = time
  }
  if (value > slot.max) {
    slot.max = value
    slot.maxRow = row
    slot.maxTimed = timed
    slot.maxTime = time
  }
}

// @ts-ignore: decorator
@inline
function addTimed(slot: Slot, m: i64, k: i32, row: u32, time: i64): void {
  if (time < slot.firstTime) {
    slot.timed = 1
    slot.firstTime = time
    slot.firstRow = row
    slot.first = k == LAST_IS_DOUBLE ? reinterpret<f64>(m) : toDouble(m, k)
  }
  if (time >= slot.lastTime) {
    slot.lastTime = time
    slot.lastRow = row
    slot.lastM = m
    slot.lastK = k
  }
}

/** The double of the last value by time, once the task is read. */
export function lastValue(slot: Slot): f64 {
  return slot.lastK == LAST_IS_DOUBLE ? reinterpret<f64>(slot.lastM) : toDouble(slot.lastM, slot.lastK)
}

/** Sums, distinct values, buckets and histogram. */
// @ts-ignore: decorator
@inline
export function addEverything(slot: Slot, index: u32, cell: Cell): void {
  const value = valueOf(cell)
  if (cell.kind == FAST) addExact(slot.sums, cell.m, cell.k)
  else if (cell.kind == LONG) addLong(slot.longs, cell.m, cell.low, cell.k)
  else hostAddSlow(index)
  const bits = reinterpret<u64>(value)
  addDistinct(slot.registers, bits)
  const pageSlot = slot.pages + (<usize>(bits >>> 52) << 2)
  let page = load<u32>(pageSlot)
  if (!page) {
    page = <u32>alloc(512)
    store<u32>(pageSlot, page)
  }
  const bucket = page + <u32>((bits >>> 45 & 127) << 2)
  store<u32>(bucket, load<u32>(bucket) + 1)
  if (bins) addToBin(slot, value)
}

/** HyperLogLog over a 64-bit mix (splitmix64's finalizer) of the double. */
// @ts-ignore: decorator
@inline
function addDistinct(registers: usize, bits: u64): void {
  let hash = bits + 0x9e3779b97f4a7c15
  hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9
  hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111eb
  hash ^= hash >>> 31
  const register = registers + <usize>(hash >>> 52)
  const rank = <u32>clz((hash << 12) | 2048) + 1
  if (rank > load<u8>(register)) store<u8>(register, rank)
}

function addToBin(slot: Slot, value: f64): void {
  const from = value - histogramMin
  if (from < 0) {
    slot.below++
    return
  }
  if (from > histogramWidth) {
    slot.above++
    return
  }
  const bin = min<u32>(<u32>((from / histogramWidth) * <f64>bins), bins - 1)
  const at = slot.bins + (<usize>bin << 2)
  store<u32>(at, load<u32>(at) + 1)
}

// Exact sums: no order or cutting can change a bit of them.

/** Of numbers in two halves: those of the halves, then Σ of their products in 192 bits. */
const LONG_BYTES: usize = 2 * SUM_BYTES + 24

/** m × 10^−k into `sums`. */
// @ts-ignore: decorator
@inline
function addExact(sums: usize, m: i64, k: i32): void {
  addHalf(sums + <usize>(k + LOWEST_SCALE) * SUM_BYTES, m)
}

/** (m × 10^18 + low) × 10^−k into `longs`: addresses, made as they are needed. */
function addLong(longs: usize, m: i64, low: i64, k: i32): void {
  const place = longs + (<usize>(k + LOWEST_SCALE) << 2)
  let at: usize = load<u32>(place)
  if (!at) {
    at = alloc(LONG_BYTES)
    store<u32>(place, at)
  }
  addHalf(at, m)
  addHalf(at + SUM_BYTES, low)
  addProduct(at + 2 * SUM_BYTES, sizeOf(m), sizeOf(low))
}

// @ts-ignore: decorator
@inline
function addHalf(sum: usize, m: i64): void {
  const low = load<u64>(sum) + <u64>m
  store<u64>(sum, low)
  store<i64>(sum, load<i64>(sum, 8) + (m >> 63) + <i64>(low < <u64>m), 8)
  const size = sizeOf(m)
  if (size <= 0xffffffff) {
    const square = size * size
    const squares = load<u64>(sum, 16) + square
    store<u64>(sum, squares, 16)
    if (squares < square) carry(sum + 16, 1)
  } else addProduct(sum + 16, size, size)
  store<u32>(sum, 1, 40)
}

// @ts-ignore: decorator
@inline
function sizeOf(m: i64): u64 {
  return m < 0 ? -m : m
}

function addProduct(sum: usize, a: u64, b: u64): void {
  const product = a * b
  const low = load<u64>(sum) + product
  store<u64>(sum, low)
  carry(sum, mulHigh(a, b) + <u64>(low < product))
}

/** Into the upper two of three words. */
function carry(sum: usize, amount: u64): void {
  const middle = load<u64>(sum, 8) + amount
  store<u64>(sum, middle, 8)
  if (middle < amount) store<u64>(sum, load<u64>(sum, 16) + 1, 16)
}
