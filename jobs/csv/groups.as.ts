// Open, high, low, close and volume per hour, day or month. Groups are looked up by id; a history in order of time stays
// in one group for many rows, so the last one is kept at hand.

import { alloc, groupBy, slots } from './config.as'
import { Cell, valueOf } from './figures.as'
import { LONG, mulHigh, SLOW, tenTo } from './number.as'
import { daysFromCivil } from './time.as'
import { slotAt } from './state.as'

// @ts-ignore: decorator
@external("host", "addVolume")
declare function hostAddVolume(group: u32, slot: u32, m: i64, k: i32): void
// @ts-ignore: decorator
@external("host", "addSlowVolume")
declare function hostAddSlowVolume(group: u32, slot: u32): void

const HOUR: i64 = 3600000000000
const DAY: i64 = 86400000000000
const VOLUME: u32 = 4
/** Volumes are summed as whole numbers of 10^−18. */
const VOLUME_SCALE: i32 = 18

/** One group: its id and rows, then a Candle per slot. */
@unmanaged
class Group {
  id: i64
  rows: u32
  index: u32
}

@unmanaged
class Candle {
  count: u32 // 0
  openRow: u32
  closeRow: u32 // 8
  unused: u32
  high: f64 // 16
  low: f64
  openTime: i64 // 32
  closeTime: i64
  open: f64 // 48
  close: f64
  volumeLow: u64 // 64
  volumeHigh: i64
}
const CANDLE_BYTES: usize = 80

export let groupCount: u32 = 0
/** u32 addresses of the groups, in order of appearance. */
export let groupList: usize = 0
let listRoom: u32 = 0
/** Open addressing: index + 1 of the group, 0 where free. */
let hashTable: usize = 0
let hashMask: u32 = 0
let current: Group = changetype<Group>(0)
let currentFrom: i64 = 0
let currentTo: i64 = 0

export function createGroups(): void {
  groupCount = 0
  listRoom = 1024
  groupList = alloc(4 * <usize>listRoom)
  hashMask = 4095
  hashTable = alloc(4 * 4096)
  currentFrom = i64.MAX_VALUE
  currentTo = i64.MIN_VALUE
}

/** Makes the group of `time` the current one and counts the row. */
export function enterGroup(time: i64): void {
  if (time < currentFrom || time >= currentTo) {
    const day = floorDiv(time, DAY)
    let id = day
    currentFrom = day * DAY
    currentTo = currentFrom + DAY
    if (groupBy == 1) {
      id = floorDiv(time, HOUR)
      currentFrom = id * HOUR
      currentTo = currentFrom + HOUR
    } else if (groupBy == 3) id = monthOf(<i32>day)
    current = find(id)
  }
  current.rows++
}

function floorDiv(a: i64, b: i64): i64 {
  const quotient = a / b
  return quotient * b > a ? quotient - 1 : quotient
}

/** Months since January 1970; bounds of the month become the current group's. */
function monthOf(days: i32): i64 {
  // Not later than the true year: days before 1970 are divided by the shorter year.
  let year = 1970 + <i32>floorDiv(days, days < 0 ? 365 : 366)
  while (daysFromCivil(year + 1, 1, 1) <= days) year++
  let month = 1
  while (month < 12 && daysFromCivil(year, month + 1, 1) <= days) month++
  currentFrom = <i64>daysFromCivil(year, month, 1) * DAY
  currentTo = <i64>(month == 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1)) * DAY
  return (year - 1970) * 12 + month - 1
}

function find(id: i64): Group {
  let at = probe(id)
  const index = load<u32>(hashTable + (<usize>at << 2))
  if (index) return groupAt(index - 1)
  if (groupCount == listRoom) grow()
  at = probe(id)
  const group = changetype<Group>(alloc(offsetof<Group>() + CANDLE_BYTES * <usize>slots))
  group.id = id
  group.index = groupCount
  store<u32>(groupList + (<usize>groupCount << 2), changetype<usize>(group))
  store<u32>(hashTable + (<usize>at << 2), ++groupCount)
  return group
}

// @ts-ignore: decorator
@inline
function groupAt(index: u32): Group {
  return changetype<Group>(load<u32>(groupList + (<usize>index << 2)))
}

function probe(id: i64): u32 {
  let at = <u32>((<u64>id * 0x9e3779b97f4a7c15) >>> 40) & hashMask
  let index = load<u32>(hashTable + (<usize>at << 2))
  while (index && groupAt(index - 1).id != id) {
    at = (at + 1) & hashMask
    index = load<u32>(hashTable + (<usize>at << 2))
  }
  return at
}

function grow(): void {
  const list = alloc(8 * <usize>listRoom)
  memory.copy(list, groupList, 4 * <usize>listRoom)
  groupList = list
  listRoom *= 2
  hashMask = listRoom * 4 - 1
  hashTable = alloc(16 * <usize>listRoom)
  for (let i: u32 = 0; i < groupCount; i++) store<u32>(hashTable + (<usize>probe(groupAt(i).id) << 2), i + 1)
}

/** One valid value into the current group. */
export function addToGroup(slot: u32, cell: Cell, row: u32, time: i64): void {
  const value = valueOf(cell)
  const candle = changetype<Candle>(changetype<usize>(current) + offsetof<Group>() + CANDLE_BYTES * <usize>slot)
  if (!candle.count++) {
    candle.high = value
    candle.low = value
    candle.openTime = i64.MAX_VALUE
    candle.closeTime = i64.MIN_VALUE
  } else {
    if (value > candle.high) candle.high = value
    if (value < candle.low) candle.low = value
  }
  if (time < candle.openTime) {
    candle.openTime = time
    candle.openRow = row
    candle.open = value
  }
  if (time >= candle.closeTime) {
    candle.closeTime = time
    candle.closeRow = row
    candle.close = value
  }
  if (slotAt(slot).role & VOLUME) addVolume(candle, slot, cell)
}

/** Below 2^96 units a value is added here: 2^24 rows of them stay below 2^120. Anything else is the host's. */
function addVolume(candle: Candle, slot: u32, cell: Cell): void {
  if (cell.kind == SLOW) return hostAddSlowVolume(current.index, slot)
  if (cell.kind == LONG) {
    hostAddVolume(current.index, slot, cell.m, cell.k - 18)
    return hostAddVolume(current.index, slot, cell.low, cell.k)
  }
  if (<u32>cell.k > <u32>VOLUME_SCALE) return hostAddVolume(current.index, slot, cell.m, cell.k)
  const size = <u64>(cell.m < 0 ? -cell.m : cell.m)
  const factor = tenTo(VOLUME_SCALE - cell.k)
  const high = mulHigh(size, factor)
  if (high > 0xffffffff) return hostAddVolume(current.index, slot, cell.m, cell.k)
  let low = size * factor
  let top = <i64>high
  if (cell.m < 0) {
    top = ~top + <i64>(low == 0)
    low = -low
  }
  const sum = candle.volumeLow + low
  candle.volumeHigh += top + <i64>(sum < low)
  candle.volumeLow = sum
}
