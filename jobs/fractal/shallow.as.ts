// One pixel after the other, straight: for engines without SIMD, and the yardstick for the lanes.
import { Formula, escapes, formula, juliaIm, juliaRe, maxIterations, nextIm, nextRe, shortcuts, stays, take, takenIm, takenRe } from './task.as'
import { neverEscapes } from './interior.as'

let pixel: i32 = -1
let n: i32 = 0
let re: f64 = 0
let im: f64 = 0
let cRe: f64 = 0
let cIm: f64 = 0

/** Iterations done on the pixel in hand. */
export function partialShallow(): f64 {
  return pixel < 0 ? 0 : <f64>n
}

export function startShallow(): void {
  pixel = -1
}

/** Does about `budget` × 64 iterations; true when nothing is left. */
export function runShallow(budget: i32): bool {
  let left = budget * 64
  while (left > 0) {
    if (pixel < 0 && !begin()) return true
    left -= pixel < 0 ? 64 : advance(left) + 8
  }
  return false
}

/** Takes a pixel in hand, unless a certificate settles it at once. False when none is left. */
function begin(): bool {
  pixel = take()
  if (pixel < 0) return false
  re = takenRe()
  im = takenIm()
  if (formula == Formula.Julia) {
    n = 0
    cRe = juliaRe
    cIm = juliaIm
  } else {
    // z₀ = 0 and z₁ = c in every formula but Julia's.
    n = 1
    cRe = re
    cIm = im
    if (shortcuts && formula == Formula.Mandelbrot && neverEscapes(cRe, cIm)) {
      stays(pixel)
      pixel = -1
    }
  }
  return true
}

function advance(budget: i32): i32 {
  const kind = formula
  const from = n
  const stop = min(maxIterations, from + budget)
  let savedRe: f64 = NaN
  let savedIm: f64 = NaN
  let save = from + 8
  let r = re
  let i = im
  let count = from
  while (true) {
    if (r * r + i * i > 4) {
      escapes(pixel, count, r, i, cRe, cIm)
      pixel = -1
      break
    }
    if (count == maxIterations || (r == savedRe && i == savedIm)) {
      stays(pixel)
      pixel = -1
      break
    }
    if (count == stop) break
    if (count == save && shortcuts) {
      savedRe = r
      savedIm = i
      save += save - from
    }
    const i1 = nextIm(kind, r, i, cIm)
    r = nextRe(kind, r, i, cRe)
    i = i1
    count++
  }
  n = count
  re = r
  im = i
  return count - from
}
