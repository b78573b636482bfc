// One pixel of a deep picture by its definition: fixed point, exact to the last bit, for the few that doubles cannot
// decide.
//
// A number is `point` limbs of 28 bits and one more for its whole part and sign, each an i64, lowest first: short enough
// that all the products of a column add up before anything is carried. The definition's fraction may be a few bits
// shorter than the limbs are; `kept` cuts results to it, downwards, as everything here is rounded.
import { maxIterations } from './task.as'

const BITS: i64 = 28
const MASK: i64 = (1 << 28) - 1
// Bytes from one number to the next: room for 32 limbs, three more than the deepest picture needs.
const NUMBER: i32 = 256

// c.re, c.im; z.re, z.im, z.re + z.im; z.re², z.im², 2 × z.re × z.im.
const numbers: usize = memory.data(2048)
const z: usize = numbers + 2 * NUMBER
const squares: usize = numbers + 5 * NUMBER

let point: i32 = 0
let kept: i64 = MASK

/** Iterations so far; when the pixel escaped, up to there. */
export let exactIterations: i32 = 0

/** Begins a pixel with so many bits after the point. Where its c belongs is answered; z.re, z.im stand after it. */
export function beginExact(fractionBits: i32): usize {
  point = (fractionBits + <i32>BITS - 1) / <i32>BITS
  kept = MASK & ~((<i64>1 << (<i64>point * BITS - fractionBits)) - 1)
  exactIterations = 0
  memory.fill(numbers, 0, 8 * NUMBER)
  return numbers
}

/** Does at most `budget` iterations; true when the pixel has escaped. */
export function proceedExact(budget: i32): bool {
  const last = min(maxIterations, exactIterations + budget)
  while (exactIterations < last) {
    exactIterations++
    step()
    if (square()) return true
  }
  return false
}

// z′ = z² + c.
function step(): void {
  let re: i64 = 0
  let im: i64 = 0
  for (let limb = 0; limb <= point; limb++) {
    const c = numbers + (limb << 3)
    const to = z + (limb << 3)
    const from = squares + (limb << 3)
    re += load<i64>(from) - load<i64>(from, NUMBER) + load<i64>(c)
    im += load<i64>(from, 2 * NUMBER) + load<i64>(c, NUMBER)
    const mask = limb < point ? MASK : -1
    store<i64>(to, re & mask)
    store<i64>(to, im & mask, NUMBER)
    store<i64>(to, (re & mask) + (im & mask), 2 * NUMBER)
    re >>= BITS
    im >>= BITS
  }
}

// The squares of z, column by column; 2 re im = (re + im)² − re² − im². True when |z|² > 4.
function square(): bool {
  let re: i64 = 0
  let im: i64 = 0
  let both: i64 = 0
  let total: i64 = 0
  let fraction: i64 = 0
  for (let column = 0; column <= 2 * point; column++) {
    const first = max(0, column - point)
    let low = z + (first << 3)
    let high = z + ((column - first) << 3)
    let reSum: i64 = 0
    let imSum: i64 = 0
    let sumSum: i64 = 0
    while (low < high) {
      reSum += load<i64>(low) * load<i64>(high)
      imSum += load<i64>(low, NUMBER) * load<i64>(high, NUMBER)
      sumSum += load<i64>(low, 2 * NUMBER) * load<i64>(high, 2 * NUMBER)
      low += 8
      high -= 8
    }
    reSum <<= 1
    imSum <<= 1
    sumSum <<= 1
    if (low == high) {
      reSum += load<i64>(low) * load<i64>(low)
      imSum += load<i64>(low, NUMBER) * load<i64>(low, NUMBER)
      sumSum += load<i64>(low, 2 * NUMBER) * load<i64>(low, 2 * NUMBER)
    }
    re += reSum
    im += imSum
    both += sumSum - reSum - imSum
    if (column >= point) {
      const to = squares + ((column - point) << 3)
      const mask = column == 2 * point ? -1 : column == point ? kept : MASK
      store<i64>(to, re & mask)
      store<i64>(to, im & mask, NUMBER)
      store<i64>(to, both & mask, 2 * NUMBER)
      total += (re & mask) + (im & mask)
      if (column < 2 * point) fraction |= total & MASK
      else return total > 4 || (total == 4 && fraction != 0)
      total >>= BITS
    }
    re >>= BITS
    im >>= BITS
    both >>= BITS
  }
  return false
}
