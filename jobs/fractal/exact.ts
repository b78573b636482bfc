import { fixedPoint, scale } from '../math/rational.ts'
import type { FractalParams } from './params.ts'
import { exactly, type View } from './place.ts'

/** What exact.as.ts exports. */
export interface ExactWasm {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly exactIterations: { readonly value: number }
  beginExact(fractionBits: number): number
  proceedExact(budget: number): number
}

const LIMB_BITS = 28
const NUMBER_BYTES = 256
// Some milliseconds of a laptop.
const BUDGET = 16384

/** One pixel by big numbers alone: where it escapes, or null where it does not. Calls `alive` many times a second. */
export function exactPixel(
  wasm: ExactWasm,
  params: FractalParams,
  view: View,
  x: number,
  y: number,
  alive: () => void,
): { readonly n: number; readonly re: number; readonly im: number } | null {
  const bits = fractionBits(view)
  const limbs = Math.ceil(bits / LIMB_BITS)
  const spare = BigInt(limbs * LIMB_BITS - bits)
  const address = wasm.beginExact(bits)
  const number = (place: number) =>
    new BigInt64Array(wasm.memory.buffer, address + place * NUMBER_BYTES, NUMBER_BYTES / 8).subarray(0, limbs + 1)
  const { width, height } = params
  const span = exactly(params.span)
  const offset = (twice: number) =>
    fixedPoint({ num: span.num * BigInt(twice), den: span.den * BigInt(2 * width) }, bits)
  const [centerRe, centerIm] = fixedCenter(params, bits)
  write(number(0), (centerRe + offset(2 * x + 1 - width)) << spare)
  write(number(1), (centerIm - offset(2 * y + 1 - height)) << spare)
  while (!wasm.proceedExact(BUDGET)) {
    if (wasm.exactIterations.value >= params.maxIterations) return null
    alive()
  }
  const double = (place: number) => scale(Number(read(number(place)) >> spare), -bits)
  return { n: wasm.exactIterations.value, re: double(2), im: double(3) }
}

function write(limbs: BigInt64Array, value: bigint) {
  for (let i = 0; i < limbs.length - 1; i++) limbs[i] = BigInt.asUintN(LIMB_BITS, value >> BigInt(i * LIMB_BITS))
  limbs[limbs.length - 1] = value >> BigInt((limbs.length - 1) * LIMB_BITS)
}

function read(limbs: BigInt64Array): bigint {
  return limbs.reduceRight((value, limb) => (value << BigInt(LIMB_BITS)) + limb, 0n)
}

/** As many as the definition asks for. */
function fractionBits({ step }: View): number {
  return 64 + 2 * Math.max(0, ceilLog2(1 / step))
}

function fixedCenter({ center: [re, im] }: FractalParams, bits: number): [bigint, bigint] {
  return [fixedPoint(exactly(re), bits), fixedPoint(exactly(im), bits)]
}

/** The smallest k with 2^k ≥ value, for finite value > 0. */
function ceilLog2(value: number): number {
  let k = 0
  let power = 1
  while (power < value) {
    power *= 2
    k++
  }
  return k
}

/** The orbit of the picture's centre, from big numbers, rounded to doubles. */
interface Reference {
  /** z₀, z₁ … as pairs re, im. */
  readonly points: Float64Array
  /** |z|² − 4 of each: near the circle where escape is decided, z itself is too coarse to tell. */
  readonly beyond: Float64Array
}

// The orbit is followed well past its own escape: a pixel that still is within |z| ≤ 2 then differs from it by more than
// its own size, so it has been rebased before the reference ends.
const FAR_SQUARED = 64n
const FAR_CENTER = 8

export function referenceOrbit(params: FractalParams, view: View): Reference {
  if (Math.abs(view.centerRe) > FAR_CENTER || Math.abs(view.centerIm) > FAR_CENTER) return outside(view)
  const bits = fractionBits(view)
  const far = FAR_SQUARED << BigInt(bits)
  const four = 4n << BigInt(bits)
  const unit = scale(1, -bits)
  const points = new Float64Array(2 * (params.maxIterations + 1))
  const beyond = new Float64Array(params.maxIterations + 1)
  beyond[0] = -4
  const shift = BigInt(bits)
  const [cRe, cIm] = fixedCenter(params, bits)
  let [re, im, reSquared, imSquared] = [0n, 0n, 0n, 0n]
  let length = 1
  while (length <= params.maxIterations) {
    im = ((re * im) >> (shift - 1n)) + cIm
    re = reSquared - imSquared + cRe
    reSquared = (re * re) >> shift
    imSquared = (im * im) >> shift
    const square = reSquared + imSquared
    points[2 * length] = Number(re) * unit
    points[2 * length + 1] = Number(im) * unit
    beyond[length] = Number(square - four) * unit
    length++
    if (square > far) break
  }
  return { points: points.subarray(0, 2 * length), beyond: beyond.subarray(0, length) }
}

// So far out every pixel escapes at z₁ = c.
function outside({ centerRe, centerIm }: View): Reference {
  return { points: Float64Array.of(0, 0, centerRe, centerIm), beyond: Float64Array.of(-4, Infinity) }
}
