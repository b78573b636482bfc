import { fixedPoint, scale } from '../math/rational.ts'
import type { FractalParams } from './params.ts'
import { exactly, type View } from './view.ts'

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
export function fractionBits({ step }: View): number {
  return 64 + 2 * Math.max(0, ceilLog2(1 / step))
}

export function fixedCenter({ center: [re, im] }: FractalParams, bits: number): [bigint, bigint] {
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
