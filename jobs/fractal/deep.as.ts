// Perturbation: every pixel is followed as its difference δ from a reference orbit Z that was computed with big numbers,
// δ′ = (2Z + δ) δ + δc, so that a double's 53 bits are spent on the difference alone. When the pixel's z = Z + δ is smaller
// than δ itself, δ starts again from the reference's beginning (rebasing: Z₀ = 0, so δ = z), which keeps δ accurate.
import { escapes, isUnclear, maxIterations, shortcuts, stays, take, takenIm, takenRe } from './task.as'
import { LANES, LOW, iterateLanes, iterateVectors, iterated, lanes, pixelOf, placeOf } from './deep-loop.as'

const NEVER: i32 = i32.MAX_VALUE
// From LOW to here |z|² − 4 is taken from the reference's exact |Z|² − 4 instead of from rounded values near 2.
const HIGH: f64 = 4 + 0.00000095367431640625
// A difference this small against its terms may have the wrong sign: such a pixel is left to big numbers.
const UNCLEAR: f64 = 0.000000000931322574615478515625
// Rounding errors of a step, relative to δ; they add up like a random walk. Measured against big numbers: where the sum is
// within MOST_ERROR, fewer than one count in ten thousand is wrong, and then by one.
const ERROR: f64 = 0.00000000000000011102230246251565404236316680908203
const MOST_ERROR: f64 = 0.125

// Per lane, i32: `clock` at its start; rebases until the next save, their distance; `clock` at the last save.
const startOf: usize = memory.data(32)
const saveOf: usize = memory.data(32)
const pauseOf: usize = memory.data(32)
const savedOf: usize = memory.data(32)

let orbit: usize = 0
let beyond: usize = 0
let referenceRe: f64 = 0
let referenceIm: f64 = 0
let clock: i32 = 0
let nextEnd: i32 = 0
let active: i32 = 0
let fresh: bool = true

/** Room for the reference: pairs (re, im) of Z₀ …, followed by |Z|² − 4 of each. Returns the address. */
export function reserveOrbit(points: i32): usize {
  orbit = (__heap_base + 15) & ~15
  beyond = orbit + (<usize>points << 4)
  const pages = <i32>((beyond + (<usize>points << 3) + 65535) >> 16) - memory.size()
  if (pages > 0 && memory.grow(pages) < 0) unreachable()
  return orbit
}

/** The reference's c, rounded: only smooth colouring after the escape reads it. */
export function setReference(re: f64, im: f64): void {
  referenceRe = re
  referenceIm = im
}

export function startDeep(): void {
  fresh = true
  clock = 0
  active = 0
  nextEnd = NEVER
}

export function partialDeep(): f64 {
  let sum: f64 = 0
  for (let lane = 0; lane < LANES; lane++) {
    const offset = lane << 2
    if (!fresh && load<i32>(pixelOf + offset) >= 0) sum += <f64>(clock - load<i32>(startOf + offset))
  }
  return sum
}

/** Does about `budget` × 64 iterations; true when nothing is left. */
export function runDeep(budget: i32): bool {
  if (fresh) {
    fresh = false
    for (let lane = 0; lane < LANES; lane++) {
      active++
      refill(lane)
    }
  }
  let left = budget * 8
  while (left > 0 && active > 0) {
    const limit = min(left, nextEnd - clock)
    let marks = ASC_FEATURE_SIMD ? iterateVectors(limit) : iterateLanes(limit)
    clock += iterated
    left -= iterated
    if (clock == nextEnd) {
      marks = 255
      nextEnd = NEVER
    }
    while (marks) {
      const lane = ctz(marks)
      marks &= marks - 1
      if (load<i32>(pixelOf + (lane << 2)) >= 0) judge(lane)
    }
  }
  return active == 0
}

// What happens between iterations, in this order: escape, limit, rebase. For a lane that nothing happens to this does
// nothing, so it does not matter for which others it is asked. Where doubles do not suffice the pixel is left to big numbers.
function judge(lane: i32): void {
  const narrow = lane << 2
  const wide = lanes + (<usize>lane << 3)
  const place = load<i32>(placeOf + narrow)
  const dRe = load<f64>(wide)
  const dIm = load<f64>(wide, 64)
  const zRe = load<f64>(place)
  const zIm = load<f64>(place, 8)
  const re = zRe + dRe
  const im = zIm + dIm
  const square = re * re + im * im
  const delta = dRe * dRe + dIm * dIm
  const n = clock - load<i32>(startOf + narrow)
  const pixel = load<i32>(pixelOf + narrow)
  const blur = blurOf(wide, n)
  let excess = square - 4
  let clear = blur <= MOST_ERROR
  if (square > LOW && square < HIGH) {
    // |Z + δ|² − 4 without the cancellation.
    const reference = load<f64>(beyond + ((place - <i32>orbit) >> 1))
    const mixed = 2 * (zRe * dRe + zIm * dIm)
    excess = reference + (mixed + delta)
    clear = abs(excess) > UNCLEAR * (abs(reference) + abs(mixed) + delta) + 4 * blur
    if (!clear) excess = 0
  }
  // "Not ≤" so that what is not a number any more counts as escaped.
  const escaped = !(excess <= 0)
  if (escaped || n >= maxIterations || excess == 0) {
    if (!clear) isUnclear(pixel)
    else if (!escaped) stays(pixel)
    else escapes(pixel, n, re, im, referenceRe + load<f64>(wide, 128), referenceIm + load<f64>(wide, 192))
    refill(lane)
    return
  }
  if (square < delta) {
    store<f64>(wide, re)
    store<f64>(wide, im, 64)
    store<i32>(placeOf + narrow, <i32>orbit)
    skipCycles(lane)
    remember(lane)
  }
  nextEnd = min(nextEnd, load<i32>(startOf + narrow) + maxIterations)
}

// How far rounding may have moved z by now.
function blurOf(wide: usize, n: i32): f64 {
  const re = load<f64>(wide, 256)
  const im = load<f64>(wide, 320)
  return sqrt(<f64>n) * ERROR * sqrt(re * re + im * im)
}

// The same δ and λ at the same place of the orbit: the computation repeats exactly, so whole rounds can be left out.
function skipCycles(lane: i32): void {
  const wide = lanes + (<usize>lane << 3)
  for (let part: usize = 0; part < 128; part += 64) {
    if (load<f64>(wide + part) != load<f64>(wide + part, 384)) return
    if (load<f64>(wide + part, 256) != load<f64>(wide + part, 512)) return
  }
  const start = load<i32>(startOf + (lane << 2))
  const round = clock - load<i32>(savedOf + (lane << 2))
  const left = maxIterations - (clock - start)
  store<i32>(startOf + (lane << 2), start - left / round * round)
}

function remember(lane: i32): void {
  const narrow = lane << 2
  const wide = lanes + (<usize>lane << 3)
  const left = load<i32>(saveOf + narrow) - 1
  store<i32>(saveOf + narrow, left)
  if (left > 0 || !shortcuts) return
  for (let part: usize = 0; part < 128; part += 64) {
    store<f64>(wide + part, load<f64>(wide + part), 384)
    store<f64>(wide + part, load<f64>(wide + part, 256), 512)
  }
  store<i32>(savedOf + narrow, clock)
  const pause = load<i32>(pauseOf + narrow) << 1
  store<i32>(pauseOf + narrow, pause)
  store<i32>(saveOf + narrow, pause)
}

function refill(lane: i32): void {
  const narrow = lane << 2
  const wide = lanes + (<usize>lane << 3)
  const pixel = take()
  const none = pixel < 0
  store<i32>(pixelOf + narrow, pixel)
  store<i32>(placeOf + narrow, <i32>orbit)
  store<i32>(startOf + narrow, clock)
  store<i32>(saveOf + narrow, 1)
  store<i32>(pauseOf + narrow, 1)
  store<f64>(wide, 0)
  store<f64>(wide, 0, 64)
  store<f64>(wide, none ? 0 : takenRe(), 128)
  store<f64>(wide, none ? 0 : takenIm(), 192)
  store<f64>(wide, 0, 256)
  store<f64>(wide, 0, 320)
  store<f64>(wide, NaN, 384)
  if (none) active--
  else nextEnd = min(nextEnd, clock + maxIterations)
}
