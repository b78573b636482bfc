// One valid value into its column's figures.

import { alloc, bins, everything, histogramMin, histogramWidth } from './config.as'
import { HIGHEST_SCALE, LOWEST_SCALE, SLOW, toDouble } from './number.as'
import { KNOWN, KNOWN_SCALES, LAST_IS_DOUBLE, REGISTERS, Slot } from './state.as'

// @ts-ignore: decorator
@external("host", "addSlow")
declare function hostAddSlow(slot: u32): void

/** A value as number.as.ts reads it: `kind` FAST: m × 10^−k; SLOW: `value`, its decimal is with the host. */
@unmanaged
export class Cell {
  kind: u32
  k: i32
  m: i64
  value: f64
  /** Where the field starts. */
  at: u32
  unused: u32
}

export function addExtreme(slot: Slot, cell: Cell, row: u32, timed: bool, time: i64): void {
  if (cell.kind != SLOW && <u32>cell.k < KNOWN_SCALES) return addPlain(slot, cell.m, cell.k, row, timed, time)
  widen(slot, valueOf(cell), row, timed, time)
  if (!timed) return
  if (cell.kind == SLOW) addTimed(slot, reinterpret<i64>(cell.value), LAST_IS_DOUBLE, row, time)
  else addTimed(slot, cell.m, cell.k, row, time)
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
  return cell.kind == SLOW ? cell.value : toDouble(cell.m, cell.k)
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
  if (cell.kind == SLOW) hostAddSlow(index)
  else addExact(slot.sums + <usize>(cell.k + LOWEST_SCALE) * 48, cell.m)
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

/** Σm in 128 bits and Σm² in 192, so that no order or cutting can change a bit. */
// @ts-ignore: decorator
@inline
function addExact(sums: usize, m: i64): void {
  const low = load<u64>(sums) + <u64>m
  store<u64>(sums, low)
  store<i64>(sums, load<i64>(sums, 8) + (m >> 63) + <i64>(low < <u64>m), 8)
  const size = <u64>(m < 0 ? -m : m)
  if (size <= 0xffffffff) {
    const square = size * size
    const sum = load<u64>(sums, 16) + square
    store<u64>(sums, sum, 16)
    if (sum < square) carry(sums, 1)
  } else addSquare(sums, size)
  store<u32>(sums, 1, 40)
}

function addSquare(sums: usize, size: u64): void {
  const a = size >>> 32
  const b = size & 0xffffffff
  // (a·2³² + b)² = a²·2⁶⁴ + 2ab·2³² + b²; 2ab < 2⁶³ because size < 2⁶².
  const cross = 2 * a * b
  const low = b * b + (cross << 32)
  const high = a * a + (cross >>> 32) + <u64>(low < b * b)
  const sum = load<u64>(sums, 16) + low
  store<u64>(sums, sum, 16)
  carry(sums, high + <u64>(sum < low))
}

function carry(sums: usize, amount: u64): void {
  const sum = load<u64>(sums, 24) + amount
  store<u64>(sums, sum, 24)
  if (sum < amount) store<u64>(sums, load<u64>(sums, 32) + 1, 32)
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
