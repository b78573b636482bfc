import { ln, normalQuantile } from '../../math/normal.as'
import { below, random64, seedKey, unit } from '../../math/random.as'
import { count, price, reserve } from '../memory.as'

// Simulated futures: random walks of the price's logarithm, counted into bins per step.
//
// A step adds either a past step drawn anew (bootstrap) or a normal value of the same mean and deviation (gbm). Bins of
// step k are a sixteenth of deviation × √k wide and centred on k × mean, so a bin's counts can be added up in any order.

const BINS: i32 = 256
const RECORDED: i32 = 500

const PER_DEVIATION: f64 = 16

export let mean: f64 = 0
export let deviation: f64 = 0
/** Paths of this task that came to the setpoint, the upper and the lower alarm. */
export let touchedSetpoint: u32 = 0
export let touchedUpper: u32 = 0
export let touchedLower: u32 = 0

export const bins: usize = reserve(<usize>RECORDED * BINS * 4)

const centres: usize = reserve(<usize>RECORDED * 8)
const scales: usize = reserve(<usize>RECORDED * 8)

let steps: usize = 0
let past: u32 = 0
let key: u64 = 0
let gbm: bool = false
let points: i32 = 0
let stride: i32 = 1
let recorded: i32 = 0

/** Levels as logarithms of level / last price; the walk starts at 0. */
let setpoint: f64 = NaN
let upper: f64 = NaN
let lower: f64 = NaN

/** Once per job: past steps of the logarithm, their mean and deviation. False without memory. */
export function prepareForecast(seed: u64, gbm_: bool, points_: i32, stride_: i32): bool {
  key = seedKey(seed)
  gbm = gbm_
  points = points_
  stride = stride_
  recorded = (points + stride - 1) / stride
  past = count - 1
  steps = reserve(<usize>past << 3)
  if (!steps) return false
  let sum: f64 = 0
  for (let t = 0; t < <i32>past; t++) {
    const step = ln(price(t + 1) / price(t))
    store<f64>(steps + (<usize>t << 3), step)
    sum += step
  }
  mean = sum / <f64>past
  let squares: f64 = 0
  for (let t: usize = 0; t < <usize>past; t++) {
    const off = load<f64>(steps + (t << 3)) - mean
    squares += off * off
  }
  deviation = sqrt(squares / <f64>past)
  for (let i = 0; i < recorded; i++) {
    const step = <f64>stepOf(i)
    store<f64>(centres + (<usize>i << 3), step * mean)
    store<f64>(scales + (<usize>i << 3), deviation > 0 ? PER_DEVIATION / (deviation * sqrt(step)) : 0)
  }
  return true
}

/** Level / last price; NaN for none. */
export function setLevels(setpoint_: f64, upper_: f64, lower_: f64): void {
  setpoint = isNaN(setpoint_) ? NaN : ln(setpoint_)
  upper = isNaN(upper_) ? NaN : ln(upper_)
  lower = isNaN(lower_) ? NaN : ln(lower_)
}

export function beginForecast(): void {
  memory.fill(bins, 0, <usize>RECORDED * BINS * 4)
  touchedSetpoint = 0
  touchedUpper = 0
  touchedLower = 0
}

/** Walks the paths `from` … `to` − 1. */
export function proceedForecast(from: u32, to: u32): void {
  for (let path = from; path < to; path++) walk(path)
}

function walk(path: u32): void {
  let x: f64 = 0
  let high: f64 = 0
  let low: f64 = 0
  let row = bins
  let next = min(stride, points)
  let i: usize = 0
  for (let step = 1; step <= points; step++) {
    const bits = random64(key, path, step)
    x += gbm ? mean + deviation * normalQuantile(unit(bits)) : load<f64>(steps + (<usize>below(bits, past) << 3))
    high = x > high ? x : high
    low = x < low ? x : low
    if (step == next) {
      const place = (x - load<f64>(centres + (i << 3))) * load<f64>(scales + (i << 3)) + <f64>(BINS / 2)
      const bin = place < 0 ? 0 : place >= <f64>BINS ? BINS - 1 : <i32>place
      const cell = row + (<usize>bin << 2)
      store<u32>(cell, load<u32>(cell) + 1)
      row += BINS << 2
      i++
      next = min(next + stride, points)
    }
  }
  // Comparisons with NaN are false. A walk touches a level it starts on.
  if (setpoint >= 0 ? high >= setpoint : low <= setpoint) touchedSetpoint++
  if (high >= upper) touchedUpper++
  if (low <= lower) touchedLower++
}

function stepOf(i: i32): i32 {
  return min((i + 1) * stride, points)
}
