// Eight pixels at a time: four f64x2 vectors, eight iterations per block without a test. A lane that escaped within a
// block is replayed one by one from the block's start for its exact count, and refilled with the next pixel.
import {
  Formula, escapes, formula, juliaIm, juliaRe, maxIterations, nextIm, nextRe, shortcuts,
  stays, take, takenIm, takenRe,
} from './task.as'
import { BLOCK, Careful, Cubic, Plain, Ship, iterate } from './block.as'
import { neverEscapes } from './interior.as'

const LANES: i32 = 8
/** Blocks between two looks for cycles: a cycle once entered is met at every multiple of its length. */
const CYCLE_BLOCKS: i32 = 8
const NEVER: i32 = i32.MAX_VALUE

// Lane i of each array is the f64 at +8i. Two states: the block reads one and writes the other.
let from: usize = memory.data(128, 16)
let to: usize = memory.data(128, 16)
const constants: usize = memory.data(128, 16)
const saved: usize = memory.data(128, 16)
// Per lane, i32: pixel, iterations at `started`, block at which it started, ends, and is next saved for the cycle test.
const pixelOf: usize = memory.data(32)
const firstOf: usize = memory.data(32)
const startOf: usize = memory.data(32)
const endOf: usize = memory.data(32)
const saveOf: usize = memory.data(32)

let block: i32 = 0
let nextEnd: i32 = 0
let active: i32 = 0
let fresh: bool = true

export function startLanes(): void {
  fresh = true
  block = 0
  nextEnd = NEVER
  active = 0
}

/** Iterations done on the pixels in hand. */
export function partialLanes(): f64 {
  let sum: f64 = 0
  for (let lane = 0; lane < LANES; lane++) {
    if (!fresh && load<i32>(pixelOf + (lane << 2)) >= 0) sum += <f64>countOf(lane)
  }
  return sum
}

/**
 * Does at most `budget` blocks; true when nothing is left. `careful`: a value may come back under |z| = 2 after it escaped
 * (|c| at or above 2), so blocks watch every iteration.
 */
export function runLanes(budget: i32, careful: bool): bool {
  if (fresh) {
    fresh = false
    for (let lane = 0; lane < LANES; lane++) {
      active++
      refill(lane)
    }
  }
  if (formula == Formula.Multibrot3) runAs<Cubic, Plain>(budget)
  else if (formula == Formula.BurningShip) careful ? runAs<Ship, Careful>(budget) : runAs<Ship, Plain>(budget)
  else careful ? runAs<Plain, Careful>(budget) : runAs<Plain, Plain>(budget)
  return active == 0
}

function runAs<Kind, Care>(budget: i32): void {
  while (budget > 0 && active > 0) {
    if (block >= nextEnd) attend()
    else {
      budget--
      const escaped = iterate<Kind, Care>(from, to, constants)
      block++
      const old = from
      from = to
      to = old
      if (escaped) settle(escaped)
      if (shortcuts && block % CYCLE_BLOCKS == 0) findCycles()
    }
  }
}

function settle(escaped: i32): void {
  while (escaped) {
    const lane = ctz(escaped)
    escaped &= escaped - 1
    // `to` still holds the state before the block.
    finish(lane, to, countOf(lane) - BLOCK, BLOCK)
  }
}

// A computed orbit that meets an earlier value of itself exactly repeats for ever. The earlier value is renewed at
// distances that double (Brent), so that a cycle of any length is met some time.
function findCycles(): void {
  for (let lane = 0; lane < LANES; lane++) {
    const wide = <usize>lane << 3
    const narrow = <usize>lane << 2
    const re = load<f64>(from + wide)
    const im = load<f64>(from + wide, 64)
    if (re == load<f64>(saved + wide) && im == load<f64>(saved + wide, 64)) {
      stays(load<i32>(pixelOf + narrow))
      refill(lane)
    } else if (block >= load<i32>(saveOf + narrow)) {
      store<f64>(saved + wide, re)
      store<f64>(saved + wide, im, 64)
      store<i32>(saveOf + narrow, block + (block - load<i32>(startOf + narrow)))
    }
  }
}

// Lanes that are due: fewer than a block's iterations are left before the limit.
function attend(): void {
  nextEnd = NEVER
  for (let lane = 0; lane < LANES; lane++) {
    if (block < load<i32>(endOf + (lane << 2))) {
      nextEnd = min(nextEnd, load<i32>(endOf + (lane << 2)))
      continue
    }
    const n = countOf(lane)
    finish(lane, from, n, maxIterations - n)
  }
}

function countOf(lane: i32): i32 {
  const offset = lane << 2
  return load<i32>(firstOf + offset) + (block - load<i32>(startOf + offset)) * BLOCK
}

// At most `steps` iterations one by one from the state at n; a lane that has not escaped then has reached the limit.
function finish(lane: i32, state: usize, n: i32, steps: i32): void {
  const kind = formula
  const offset = lane << 3
  let re = load<f64>(state + offset)
  let im = load<f64>(state + offset, 64)
  const cRe = load<f64>(constants + offset)
  const cIm = load<f64>(constants + offset, 64)
  const pixel = load<i32>(pixelOf + (lane << 2))
  const last = n + steps
  while (n < last) {
    const im1 = nextIm(kind, re, im, cIm)
    re = nextRe(kind, re, im, cRe)
    im = im1
    n++
    if (re * re + im * im > 4) {
      escapes(pixel, n, re, im, cRe, cIm)
      refill(lane)
      return
    }
  }
  stays(pixel)
  refill(lane)
}

function refill(lane: i32): void {
  let re: f64 = 0
  let im: f64 = 0
  let cRe: f64 = 0
  let cIm: f64 = 0
  let n = 0
  let pixel = take()
  while (pixel >= 0) {
    re = takenRe()
    im = takenIm()
    if (formula == Formula.Julia) {
      cRe = juliaRe
      cIm = juliaIm
    } else {
      // z₀ = 0 and z₁ = c in every formula but Julia's.
      n = 1
      cRe = re
      cIm = im
    }
    if (re * re + im * im > 4) escapes(pixel, n, re, im, cRe, cIm)
    else if (shortcuts && formula == Formula.Mandelbrot && neverEscapes(cRe, cIm)) stays(pixel)
    else break
    pixel = take()
  }
  const wide = lane << 3
  const narrow = lane << 2
  const end = block + (maxIterations - n) / BLOCK
  store<i32>(pixelOf + narrow, pixel)
  store<i32>(firstOf + narrow, n)
  store<i32>(startOf + narrow, block)
  store<i32>(endOf + narrow, pixel < 0 ? NEVER : end)
  store<i32>(saveOf + narrow, pixel < 0 ? NEVER : block)
  store<f64>(from + wide, pixel < 0 ? 0 : re)
  store<f64>(from + wide, pixel < 0 ? 0 : im, 64)
  store<f64>(constants + wide, pixel < 0 ? 0 : cRe)
  store<f64>(constants + wide, pixel < 0 ? 0 : cIm, 64)
  store<f64>(saved + wide, NaN)
  if (pixel < 0) active--
  else nextEnd = min(nextEnd, end)
}
