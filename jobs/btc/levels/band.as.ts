import { count, price, reserve } from '../memory.as'
import { search, split } from './tree.as'

// Trees over rolling windows, and a band around their newest level from how far later prices fell from earlier ones.
//
// Fit j looks at the `window` prices up to its origin and foretells the next `stride` ones by its last leaf's mean. The
// last `calibration` scores up to the origin (price − the level then foretold) give the band: split conformal prediction
// with a sliding calibration set, drawn once there are as many scores as prices in the window. Whether later prices lie inside is counted on prices the fit never saw.

const FITS: i32 = 7500
const LEAVES: i32 = 1024

/** Per fit: level, low, high (NaN without a band), inside and of (32 bits each). */
const FIT: usize = 32
/** Per leaf: its first point and the one behind its last (32 bits each), its level. */
const LEAF: usize = 16

export const fits: usize = reserve(<usize>FITS * FIT)
export const leaves: usize = reserve(<usize>LEAVES * LEAF)
export let leafCount: i32 = 0

let window: i32 = 1
let depth: i32 = 0
let stride: i32 = 1
let outside: i64 = 0
let written: usize = 0

/** Once per job; `outside_`: millionths of prices that may lie outside. False without memory. */
export function prepareLevels(window_: i32, depth_: i32, stride_: i32, calibration: i32, outside_: i32): bool {
  window = window_
  depth = depth_
  stride = stride_
  outside = outside_
  return reserveScores(calibration)
}

export function beginLevels(): void {
  clearScores()
  written = 0
}

/** One fit; `counted` when it belongs to this task, otherwise it only prepares the scores of the next. */
export function fit(index: i32, counted: bool): void {
  const origin = min(window - 1 + index * stride, count - 1)
  const level = lastLevel(origin + 1 - window, origin + 1)
  let low: f64 = NaN
  let high: f64 = NaN
  const rank = held < window ? 0 : <i32>((<i64>(held + 1) * outside) / 2000000)
  if (rank >= 1) {
    low = level + ranked(rank)
    high = level + ranked(held + 1 - rank)
  }
  const end = min(origin + stride, count - 1)
  let inside = 0
  for (let t = origin + 1; t <= end; t++) {
    const p = price(t)
    inside += <i32>(low <= p && p <= high)
    addScore(p - level)
  }
  if (!counted) return
  const at = fits + written * FIT
  store<f64>(at, level)
  store<f64>(at, low, 8)
  store<f64>(at, high, 16)
  store<u32>(at, inside, 24)
  store<u32>(at, rank >= 1 ? end - origin : 0, 28)
  written++
}

/** Every leaf of the tree over the last window. */
export function lastTree(): void {
  leafCount = 0
  grow(count - window, count, depth)
}

function grow(from: i32, to: i32, deeper: i32): void {
  if (deeper > 0 && to - from > 1) {
    search(from, to)
    const middle = split
    if (middle > 0) {
      grow(from, middle, deeper - 1)
      grow(middle, to, deeper - 1)
      return
    }
  }
  const at = leaves + <usize>leafCount * LEAF
  store<u32>(at, from)
  store<u32>(at, to, 4)
  store<f64>(at, mean(from, to), 8)
  leafCount++
}

/** The level of the last leaf alone: only the right parts need be searched. */
function lastLevel(from: i32, to: i32): f64 {
  for (let left = depth; left > 0 && to - from > 1; left--) {
    search(from, to)
    if (split < 0) break
    from = split
  }
  return mean(from, to)
}

/** Rounded once: the sum as quotient and remainder, as in sweep/states.as.ts. */
function mean(from: i32, to: i32): f64 {
  const n = <i64>(to - from)
  let whole: i64 = 0
  let rest: i64 = 0
  for (let t = from; t < to; t++) {
    const p = <i64>price(t)
    whole += p / n
    rest += p % n
  }
  whole += rest / n
  rest %= n
  return whole >= 2 * n ? <f64>whole + <f64>rest / <f64>n : <f64>(whole * n + rest) / <f64>n
}

// The last `capacity` scores, in order of time to forget the oldest and sorted to read ranks.

export let held: i32 = 0

let capacity: i32 = 0
let ring: usize = 0
let sorted: usize = 0
let oldest: i32 = 0

/** False without memory. */
function reserveScores(capacity_: i32): bool {
  capacity = capacity_
  ring = reserve(<usize>capacity_ << 3)
  sorted = reserve(<usize>capacity_ << 3)
  return ring != 0 && sorted != 0
}

function clearScores(): void {
  held = 0
  oldest = 0
}

/** The score with `rank` − 1 smaller or equal ones before it. */
function ranked(rank: i32): f64 {
  return load<f64>(sorted + (<usize>(rank - 1) << 3))
}

function addScore(score: f64): void {
  if (held == capacity) {
    const place = ring + (<usize>oldest << 3)
    remove(load<f64>(place))
    store<f64>(place, score)
    oldest = oldest + 1 == capacity ? 0 : oldest + 1
  } else store<f64>(ring + (<usize>held << 3), score)
  const at = sorted + (<usize>firstNotBelow(score) << 3)
  memory.copy(at + 8, at, sorted + (<usize>held << 3) - at)
  store<f64>(at, score)
  held++
}

function remove(score: f64): void {
  const at = sorted + (<usize>firstNotBelow(score) << 3)
  held--
  memory.copy(at, at + 8, sorted + (<usize>held << 3) - at)
}

function firstNotBelow(score: f64): i32 {
  let from = 0
  let to = held
  while (from < to) {
    const middle = (from + to) >> 1
    if (load<f64>(sorted + (<usize>middle << 3)) < score) from = middle + 1
    else to = middle
  }
  return from
}
