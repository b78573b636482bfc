// The task at hand and what every way of computing shares: pixels in, iteration counts and fractions out.

// An enum, so that asc knows the values where functions are specialised for one of them.
export const enum Formula {
  Mandelbrot = 0,
  Julia = 1,
  BurningShip = 2,
  Multibrot3 = 3,
}

const NOT_ESCAPED: u32 = 0xffffffff
const UNCLEAR: u32 = 0xfffffffe
const LOG_3_OF_2: f64 = 0.6309297535714574
// Beyond |z| = 64 one more iteration changes the smooth part by a fiftieth of its last bit.
const FAR: f64 = 4096

/** 256 × 256 pixels at most, 32 bits each. */
export const pixels: usize = memory.data(262144, 16)

export let formula: i32 = 0
export let maxIterations: i32 = 1
export let shortcuts: bool = true
export let total: i32 = 0
export let finished: i32 = 0
/** Pixels of a deep picture that doubles could not decide; their value is one that no pixel can have. */
export let unclear: i32 = 0
export let juliaRe: f64 = 0
export let juliaIm: f64 = 0

let centerRe: f64 = 0
let centerIm: f64 = 0
let step: f64 = 0
let halfWidth: f64 = 0
let halfHeight: f64 = 0
let left: i32 = 0
let top: i32 = 0
let columns: i32 = 1
let next: i32 = 0
let column: i32 = -1
let row: i32 = 0

/** For benchmarks: without them every pixel is iterated until it escapes or the limit is reached. No bit may change. */
export function setShortcuts(on: bool): void {
  shortcuts = on
}

/** What all tasks of a job share. For deep pictures the centre is 0: pixels are then offsets from the reference. */
export function setView(
  formula_: i32, centerRe_: f64, centerIm_: f64, step_: f64, width: f64, height: f64,
  maxIterations_: i32, juliaRe_: f64, juliaIm_: f64,
): void {
  formula = formula_
  centerRe = centerRe_
  centerIm = centerIm_
  step = step_
  halfWidth = width / 2
  halfHeight = height / 2
  maxIterations = maxIterations_
  juliaRe = juliaRe_
  juliaIm = juliaIm_
}

export function setTile(x: i32, y: i32, width: i32, height: i32): void {
  left = x
  top = y
  columns = width
  total = width * height
  next = 0
  finished = 0
  unclear = 0
  column = -1
  row = 0
}

/** The next pixel nobody has taken, or −1. */
export function take(): i32 {
  if (next == total) return -1
  if (++column == columns) {
    column = 0
    row++
  }
  return next++
}

/** Where the pixel taken last lies. */
export function takenRe(): f64 {
  return centerRe + (<f64>(left + column) + 0.5 - halfWidth) * step
}

export function takenIm(): f64 {
  return centerIm - (<f64>(top + row) + 0.5 - halfHeight) * step
}

export function nextRe(formula: i32, re: f64, im: f64, cRe: f64): f64 {
  if (formula == Formula.Multibrot3) return re * (re * re - 3 * (im * im)) + cRe
  return re * re - im * im + cRe
}

export function nextIm(formula: i32, re: f64, im: f64, cIm: f64): f64 {
  if (formula == Formula.Multibrot3) return im * (3 * (re * re) - im * im) + cIm
  // |2 × |re| × |im|| has the bits of 2 × re × im but for the sign.
  const product = 2 * re * im
  return (formula == Formula.BurningShip ? abs(product) : product) + cIm
}

export function stays(pixel: i32): void {
  store<u32>(pixels + (<usize>pixel << 2), NOT_ESCAPED)
  finished++
}

export function isUnclear(pixel: i32): void {
  store<u32>(pixels + (<usize>pixel << 2), UNCLEAR)
  unclear++
}

/** z = zₙ is the first with |z|² > 4. */
export function escapes(pixel: i32, n: i32, re: f64, im: f64, cRe: f64, cIm: f64): void {
  store<u32>(pixels + (<usize>pixel << 2), (<u32>n << 8) | fraction(re, im, cRe, cIm))
  finished++
}

// The smooth iteration count s − n = k + 1 − log_d(log₂ |zₙ₊ₖ|), taken at the first k where |z| is far out. It lies
// between −1 and 3 but near the outermost tips, so the byte holds 64 × (s − n + 1), cut off at both ends.
function fraction(re: f64, im: f64, cRe: f64, cIm: f64): u32 {
  let square = re * re + im * im
  let k = 0
  while (square <= FAR) {
    if (++k > 16) return 255
    const im1 = nextIm(formula, re, im, cIm)
    re = nextRe(formula, re, im, cRe)
    im = im1
    square = re * re + im * im
  }
  if (!(square < Infinity)) return 0
  let beyond = roughLog2(roughLog2(square) * 0.5)
  if (formula == Formula.Multibrot3) beyond *= LOG_3_OF_2
  const smooth = (<f64>k + 2 - beyond) * 64
  return smooth <= 0 ? 0 : smooth >= 255 ? 255 : <u32>smooth
}

// The binary logarithm of x ≥ 1 to 2 × 10⁻⁵, continuous, exact at powers of two: ample for a byte, and without a division.
function roughLog2(x: f64): f64 {
  const bits = reinterpret<u64>(x)
  const t = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000) - 1
  const bend = 0.441836 - 0.266536 * t + t * t * (0.147019 - 0.044244 * t)
  return <f64>(<i32>(bits >> 52) - 1023) + (t + t * (1 - t) * bend)
}
