import { MalformedOutput, type Region } from '../define.ts'
import { NOT_ESCAPED } from './palette.ts'
import type { FractalParams } from './params.ts'

export const BYTES_PER_PIXEL = 4

/** One number per pixel, `iterations × 256 + fraction` or {@link NOT_ESCAPED}, whatever the byte order here. */
export function pixelsOf(output: Uint8Array, { width, height }: Region): DataView {
  if (output.length !== width * height * BYTES_PER_PIXEL) {
    throw new MalformedOutput(`Expected ${width * height * BYTES_PER_PIXEL} bytes, got ${output.length}.`)
  }
  return new DataView(output.buffer, output.byteOffset, output.length)
}

const ITERATIONS_PER_CREDIT = 1_000_000

/** Credit: a million iterations each, rounded up, at least one. */
export function creditOf({ formula, maxIterations }: FractalParams, region: Region, output: Uint8Array): number {
  const pixels = pixelsOf(output, region)
  // Only a Julia set's z₀ can be outside already.
  const fewest = formula === 'julia' ? 0 : 1
  let sum = 0
  for (let at = 0; at < output.length; at += BYTES_PER_PIXEL) {
    const value = pixels.getUint32(at, true)
    const iterations = value === NOT_ESCAPED ? maxIterations : value >>> 8
    if (iterations < fewest || iterations > maxIterations) {
      throw new MalformedOutput(`Pixel ${at / BYTES_PER_PIXEL} claims ${iterations} iterations.`)
    }
    sum += iterations
  }
  return Math.max(1, Math.ceil(sum / ITERATIONS_PER_CREDIT))
}
