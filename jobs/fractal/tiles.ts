import { MalformedOutput, type Picture, type Region } from '../define.ts'
import { NOT_ESCAPED, painter } from './palette.ts'
import type { FractalParams } from './params.ts'
import { viewOf } from './place.ts'

// A picture is cut into square tiles, numbered row by row. The side is a power of two and follows from params alone.

/** 256 × 256 pixels of 4 bytes are MAX_OUTPUT_BYTES. */
const LARGEST_SIDE = 256
/** Below this a full set of lanes is rarely busy. */
const SMALLEST_SIDE = 8
/** Halving for the sake of sharing stops here: a smaller tile costs more to send than to compute. */
const SMALLEST_SHARED_SIDE = 32
/** As many tiles as a room with a few dozen threads can share evenly. */
const SHARED_TILES = 48
/** Iterations a tile may need at worst: half a second of a laptop core, and typically a fifth of that. */
const SHALLOW_ITERATIONS = 2 ** 29
const DEEP_ITERATIONS = 2 ** 28

interface Grid {
  readonly side: number
  readonly columns: number
  readonly rows: number
}

export function gridOf(params: FractalParams): Grid {
  const { width, height, maxIterations } = params
  const worst = viewOf(params).deep ? DEEP_ITERATIONS : SHALLOW_ITERATIONS
  let side = LARGEST_SIDE
  while (side > SMALLEST_SIDE && side * side * maxIterations > worst) side /= 2
  while (side > SMALLEST_SHARED_SIDE && Math.ceil(width / side) * Math.ceil(height / side) < SHARED_TILES) side /= 2
  return { side, columns: Math.ceil(width / side), rows: Math.ceil(height / side) }
}

export function tileCount(params: FractalParams): number {
  const { columns, rows } = gridOf(params)
  return columns * rows
}

export function regionOf(params: FractalParams, index: number, { side, columns } = gridOf(params)): Region {
  const x = (index % columns) * side
  const y = Math.floor(index / columns) * side
  return { x, y, width: Math.min(side, params.width - x), height: Math.min(side, params.height - y) }
}

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

/** {@link Picture.paint}. */
export const paint: Picture<FractalParams>['paint'] = (params, index, output, step) => {
  const region = regionOf(params, index)
  const pixels = pixelsOf(output, region)
  const sampled = sample(region, step)
  const rgb = new Uint8Array(sampled.width * sampled.height * 3)
  const colour = painter(params.palette)
  let at = 0
  for (let y = sampled.y; y < sampled.y + sampled.height; y++) {
    const row = (y * step - region.y) * region.width - region.x
    for (let x = sampled.x; x < sampled.x + sampled.width; x++) {
      colour(pixels.getUint32((row + x * step) * 4, true), rgb, at)
      at += 3
    }
  }
  return { region: sampled, rgb }
}

function sample({ x, y, width, height }: Region, step: number): Region {
  const left = Math.ceil(x / step)
  const top = Math.ceil(y / step)
  return { x: left, y: top, width: Math.ceil((x + width) / step) - left, height: Math.ceil((y + height) / step) - top }
}
