// What a job fixes before the first byte, and the arena everything else lives in.

/** One byte that ends a field. */
export let delimiter: u32 = 44
/** The decimal point or comma. */
export let decimal: u32 = 46
/** The byte that ends a record: LF, or CR in files that have no LF. */
export let eol: u32 = 10
export let columns: u32 = 0
/** Numeric columns; one more slot behind them holds the spread. */
export let slots: u32 = 0
/** Statistics "all" rather than "extremes". */
export let everything: bool = false
/** Slots of Ask and Bid, or −1. */
export let askSlot: i32 = -1
export let bidSlot: i32 = -1
export let priceMin: f64 = -Infinity
export let priceMax: f64 = Infinity
export let bins: u32 = 0
export let histogramMin: f64 = 0
export let histogramWidth: f64 = 0
/** 0 none, 1 hour, 2 day, 3 month. */
export let groupBy: u32 = 0
/** Per column, i16: its slot, −1 not asked for, −2 the time. */
export let slotOf: usize = 0
/** Per byte value: 1 where a run of literal text may end (delimiter, line end, quote). */
export let stops: usize = 0

export const SKIP: i32 = -1
export const TIME: i32 = -2

let top: usize = 0
let taskStart: usize = 0

/** Bytes from the arena, zeroed, 16-aligned. */
export function alloc(size: usize): usize {
  if (!top) top = (__heap_base + 15) & ~15
  const at = top
  top = (top + size + 15) & ~15
  const pages = <i32>((top + 0xffff) >>> 16)
  if (pages > memory.size() && memory.grow(pages - memory.size()) < 0) unreachable()
  memory.fill(at, 0, size)
  return at
}

/** From here on the arena belongs to one task; `freeTask` takes it back. */
export function markTask(): void {
  taskStart = top
}

export function freeTask(): void {
  top = taskStart
}

/** Takes back all from `at` on, whomever it belonged to. */
export function freeFrom(at: usize): void {
  top = at
}

/** Bytes the present task has taken. */
export function taskBytes(): usize {
  return top - taskStart
}

export function setDialect(delimiterByte: u32, decimalByte: u32, eolByte: u32, columnCount: u32): usize {
  delimiter = delimiterByte
  decimal = decimalByte
  eol = eolByte
  columns = columnCount
  stops = alloc(256)
  store<u8>(stops + delimiterByte, 1)
  store<u8>(stops + 10, 1)
  store<u8>(stops + 13, 1)
  store<u8>(stops + 34, 1)
  slotOf = alloc(2 * <usize>columnCount)
  return slotOf
}

export function setStatistics(slotCount: u32, all: bool, ask: i32, bid: i32, group: u32): void {
  slots = slotCount
  everything = all
  askSlot = ask
  bidSlot = bid
  groupBy = group
}

export function setPrice(min: f64, max: f64): void {
  priceMin = min
  priceMax = max
}

export function setHistogram(count: u32, min: f64, max: f64): void {
  bins = count
  histogramMin = min
  histogramWidth = max - min
}
