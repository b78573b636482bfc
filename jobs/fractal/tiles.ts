import type { Region } from '../define.ts'
import type { FractalParams } from './params.ts'
import { viewOf } from './view.ts'

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
