// Exact sums: no order or cutting can change a bit of them.

import { alloc } from './config.as'
import { mulHigh } from './double.as'
import { LOWEST_SCALE } from './number.as'

/** Per scale: Σm in 128 bits, Σm² in 192, and whether there is any. */
export const SUM_BYTES: usize = 48
/** Of numbers in two halves: those of the halves, then Σ of their products in 192 bits. */
const LONG_BYTES: usize = 2 * SUM_BYTES + 24

/** m × 10^−k into `sums`. */
// @ts-ignore: decorator
@inline
export function addExact(sums: usize, m: i64, k: i32): void {
  addHalf(sums + <usize>(k + LOWEST_SCALE) * SUM_BYTES, m)
}

/** (m × 10^18 + low) × 10^−k into `longs`: addresses, made as they are needed. */
export function addLong(longs: usize, m: i64, low: i64, k: i32): void {
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
