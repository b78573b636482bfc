// Perturbation: every pixel is followed as its difference δ from a reference orbit Z that was computed with big numbers,
// δ′ = (2Z + δ) δ + δc, so that a double's 53 bits are spent on the difference alone. When the pixel's z = Z + δ is smaller
// than δ itself, δ starts again from the reference's beginning (rebasing: Z₀ = 0, so δ = z), which keeps δ accurate.
import { escapes, maxIterations, shortcuts, stays, take, takenIm, takenRe } from './task.as'

const LANES: i32 = 8
const NEVER: i32 = i32.MAX_VALUE
// Within this of 4, |z|² is taken from the reference's exact |Z|² − 4 instead of rounded values near 2.
const NEAR: f64 = 0.0000000000009094947017729282
const LOW: f64 = 4 - NEAR
const HIGH: f64 = 4 + NEAR

// Lane i is the f64 at +8i: δ re, +64 im; δc re, +128, im +192; δ at the last saved rebase, re +256, im +320.
const lanes: usize = memory.data(384, 16)
// Per lane, i32: pixel; address in the orbit; iteration of `clock` at its start; rebases until the next save, and its distance.
const pixelOf: usize = memory.data(32)
const placeOf: usize = memory.data(32)
const startOf: usize = memory.data(32)
const saveOf: usize = memory.data(32)
const pauseOf: usize = memory.data(32)

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
    const ran = ASC_FEATURE_SIMD ? iterateVectors(min(left, nextEnd - clock)) : iterateLanes(min(left, nextEnd - clock))
    clock += ran
    left -= ran
    nextEnd = NEVER
    for (let lane = 0; lane < LANES; lane++) {
      if (load<i32>(pixelOf + (lane << 2)) >= 0) judge(lane)
    }
  }
  return active == 0
}

// What happens between iterations, in this order: escape, limit, rebase. Only a lane that iterate stopped for can be
// concerned, but judging the others as well is harmless.
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
  if (!(square <= LOW) && (!(square <= HIGH) || outside(place, zRe, zIm, dRe, dIm, delta))) {
    escapes(pixel, n, re, im, referenceRe + load<f64>(wide, 128), referenceIm + load<f64>(wide, 192))
    refill(lane)
    return
  }
  if (n >= maxIterations) {
    stays(pixel)
    refill(lane)
    return
  }
  if (square < delta) {
    if (re == load<f64>(wide, 256) && im == load<f64>(wide, 320)) {
      // Same δ at the same place of the orbit: the computation repeats for ever.
      stays(pixel)
      refill(lane)
      return
    }
    store<f64>(wide, re)
    store<f64>(wide, im, 64)
    store<i32>(placeOf + narrow, <i32>orbit)
    remember(lane, re, im)
  }
  nextEnd = min(nextEnd, load<i32>(startOf + narrow) + maxIterations)
}

function outside(place: i32, zRe: f64, zIm: f64, dRe: f64, dIm: f64, delta: f64): bool {
  const square = load<f64>(beyond + ((place - <i32>orbit) >> 1))
  return square + (2 * (zRe * dRe + zIm * dIm) + delta) > 0
}

function remember(lane: i32, re: f64, im: f64): void {
  const narrow = lane << 2
  const wide = lanes + (<usize>lane << 3)
  const left = load<i32>(saveOf + narrow) - 1
  store<i32>(saveOf + narrow, left)
  if (left > 0 || !shortcuts) return
  store<f64>(wide, re, 256)
  store<f64>(wide, im, 320)
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
  store<f64>(wide, NaN, 256)
  store<f64>(wide, NaN, 320)
  if (none) active--
  else nextEnd = min(nextEnd, clock + maxIterations)
}

// At most `limit` iterations of all lanes, fewer when one of them needs a judge. Returns how many.
function iterateLanes(limit: i32): i32 {
  let done = 0
  let stop = false
  while (!stop && done < limit) {
    for (let lane = 0; lane < LANES; lane++) {
      if (load<i32>(pixelOf + (lane << 2)) < 0) continue
      const wide = lanes + (<usize>lane << 3)
      const place = load<i32>(placeOf + (lane << 2))
      const zRe = load<f64>(place)
      const zIm = load<f64>(place, 8)
      const dRe = load<f64>(wide)
      const dIm = load<f64>(wide, 64)
      const re = zRe + (zRe + dRe)
      const im = zIm + (zIm + dIm)
      const dRe1 = re * dRe - im * dIm + load<f64>(wide, 128)
      const dIm1 = re * dIm + im * dRe + load<f64>(wide, 192)
      store<f64>(wide, dRe1)
      store<f64>(wide, dIm1, 64)
      store<i32>(placeOf + (lane << 2), place + 16)
      const re1 = load<f64>(place, 16) + dRe1
      const im1 = load<f64>(place, 24) + dIm1
      const square = re1 * re1 + im1 * im1
      if (!(square <= LOW) || !(square >= dRe1 * dRe1 + dIm1 * dIm1)) stop = true
    }
    done++
  }
  return done
}

// The same for all eight at once. A lane without a pixel has δ = δc = 0: it stands at the first point and never stops.
function iterateVectors(limit: i32): i32 {
  const low = f64x2.splat(LOW)
  let r0 = v128.load(lanes, 0), r1 = v128.load(lanes, 16), r2 = v128.load(lanes, 32), r3 = v128.load(lanes, 48)
  let i0 = v128.load(lanes, 64), i1 = v128.load(lanes, 80), i2 = v128.load(lanes, 96), i3 = v128.load(lanes, 112)
  let p0 = load<i32>(placeOf, 0), p1 = load<i32>(placeOf, 4), p2 = load<i32>(placeOf, 8), p3 = load<i32>(placeOf, 12)
  let p4 = load<i32>(placeOf, 16), p5 = load<i32>(placeOf, 20), p6 = load<i32>(placeOf, 24), p7 = load<i32>(placeOf, 28)
  const s0 = move(0), s1 = move(1), s2 = move(2), s3 = move(3), s4 = move(4), s5 = move(5), s6 = move(6), s7 = move(7)
  let x0 = reals(p0, p1), x1 = reals(p2, p3), x2 = reals(p4, p5), x3 = reals(p6, p7)
  let y0 = imaginaries(p0, p1), y1 = imaginaries(p2, p3), y2 = imaginaries(p4, p5), y3 = imaginaries(p6, p7)
  let u0 = f64x2.add(x0, r0), u1 = f64x2.add(x1, r1), u2 = f64x2.add(x2, r2), u3 = f64x2.add(x3, r3)
  let v0 = f64x2.add(y0, i0), v1 = f64x2.add(y1, i1), v2 = f64x2.add(y2, i2), v3 = f64x2.add(y3, i3)
  let done = 0
  while (done < limit) {
    u0 = f64x2.add(x0, u0)
    u1 = f64x2.add(x1, u1)
    u2 = f64x2.add(x2, u2)
    u3 = f64x2.add(x3, u3)
    v0 = f64x2.add(y0, v0)
    v1 = f64x2.add(y1, v1)
    v2 = f64x2.add(y2, v2)
    v3 = f64x2.add(y3, v3)
    const t0 = deltaRe(u0, v0, r0, i0, 128), t1 = deltaRe(u1, v1, r1, i1, 144)
    const t2 = deltaRe(u2, v2, r2, i2, 160), t3 = deltaRe(u3, v3, r3, i3, 176)
    i0 = deltaIm(u0, v0, r0, i0, 192)
    i1 = deltaIm(u1, v1, r1, i1, 208)
    i2 = deltaIm(u2, v2, r2, i2, 224)
    i3 = deltaIm(u3, v3, r3, i3, 240)
    r0 = t0
    r1 = t1
    r2 = t2
    r3 = t3
    p0 += s0
    p1 += s1
    p2 += s2
    p3 += s3
    p4 += s4
    p5 += s5
    p6 += s6
    p7 += s7
    x0 = reals(p0, p1)
    x1 = reals(p2, p3)
    x2 = reals(p4, p5)
    x3 = reals(p6, p7)
    y0 = imaginaries(p0, p1)
    y1 = imaginaries(p2, p3)
    y2 = imaginaries(p4, p5)
    y3 = imaginaries(p6, p7)
    u0 = f64x2.add(x0, r0)
    u1 = f64x2.add(x1, r1)
    u2 = f64x2.add(x2, r2)
    u3 = f64x2.add(x3, r3)
    v0 = f64x2.add(y0, i0)
    v1 = f64x2.add(y1, i1)
    v2 = f64x2.add(y2, i2)
    v3 = f64x2.add(y3, i3)
    done++
    const calm = v128.and(
      v128.and(calmOf(u0, v0, r0, i0, low), calmOf(u1, v1, r1, i1, low)),
      v128.and(calmOf(u2, v2, r2, i2, low), calmOf(u3, v3, r3, i3, low)),
    )
    if (!i64x2.all_true(calm)) break
  }
  v128.store(lanes, r0, 0)
  v128.store(lanes, r1, 16)
  v128.store(lanes, r2, 32)
  v128.store(lanes, r3, 48)
  v128.store(lanes, i0, 64)
  v128.store(lanes, i1, 80)
  v128.store(lanes, i2, 96)
  v128.store(lanes, i3, 112)
  store<i32>(placeOf, p0, 0)
  store<i32>(placeOf, p1, 4)
  store<i32>(placeOf, p2, 8)
  store<i32>(placeOf, p3, 12)
  store<i32>(placeOf, p4, 16)
  store<i32>(placeOf, p5, 20)
  store<i32>(placeOf, p6, 24)
  store<i32>(placeOf, p7, 28)
  return done
}

// A lane without a pixel must not walk off the end of the orbit.
// @ts-ignore: decorator
@inline
function move(lane: i32): i32 {
  return load<i32>(pixelOf + (lane << 2)) < 0 ? 0 : 16
}

// @ts-ignore: decorator
@inline
function reals(a: i32, b: i32): v128 {
  return f64x2.shuffle(v128.load(a), v128.load(b), 0, 2)
}

// @ts-ignore: decorator
@inline
function imaginaries(a: i32, b: i32): v128 {
  return f64x2.shuffle(v128.load(a), v128.load(b), 1, 3)
}

// @ts-ignore: decorator
@inline
function deltaRe(u: v128, v: v128, r: v128, i: v128, offset: usize): v128 {
  return f64x2.add(f64x2.sub(f64x2.mul(u, r), f64x2.mul(v, i)), v128.load(lanes + offset))
}

// @ts-ignore: decorator
@inline
function deltaIm(u: v128, v: v128, r: v128, i: v128, offset: usize): v128 {
  return f64x2.add(f64x2.add(f64x2.mul(u, i), f64x2.mul(v, r)), v128.load(lanes + offset))
}

// |z|² clearly at most 4, and not below |δ|².
// @ts-ignore: decorator
@inline
function calmOf(u: v128, v: v128, r: v128, i: v128, low: v128): v128 {
  const square = f64x2.add(f64x2.mul(u, u), f64x2.mul(v, v))
  const delta = f64x2.add(f64x2.mul(r, r), f64x2.mul(i, i))
  return v128.and(f64x2.le(square, low), f64x2.ge(square, delta))
}
