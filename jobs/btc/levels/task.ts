import { MalformedOutput } from '../../define.ts'
import type { LevelsParams } from '../params.ts'
import { outOfMemory, type Runner, type Wasm } from '../runner.ts'

/** Nanoseconds of a laptop core a task aims at. */
const TASK_NS = 100_000_000
const NS_PER_WINDOW_POINT = 14
const NS_PER_SCORE = 400
/** 32 bytes a fit, and 16 KB of leaves at most: just under 256 KB of output. */
const MAX_FITS = 7500
/** Fits a task makes before its own ones only for their scores; its own should be several times as many. */
const OWN_FITS_PER_EXTRA = 4
/**
 * Scores a band is read from. Neighbouring ones are much alike, so those of a single window would say too little and the
 * band would come out too narrow; beyond a few thousand more change nothing but the cost.
 */
const SCORES_PER_WINDOW_POINT = 10
const ENOUGH_SCORES = 5000

export function levelsPlan(params: LevelsParams, points: number) {
  const { window } = params
  const stride = params.stride ?? Math.max(1, Math.floor(window / 10))
  const fits = points < window ? 0 : Math.ceil((points - window) / stride) + 1
  const calibration = Math.max(window, Math.min(window * SCORES_PER_WINDOW_POINT, ENOUGH_SCORES))
  const extra = Math.ceil(calibration / stride) + 1
  const fitNs = window * NS_PER_WINDOW_POINT + stride * NS_PER_SCORE
  const size = Math.min(MAX_FITS, Math.max(Math.floor(TASK_NS / fitNs), extra * OWN_FITS_PER_EXTRA, 1))
  return {
    tasks: Math.max(1, Math.ceil(fits / size)),
    stride,
    /** How many of the latest scores a band is read from. */
    calibration,
    /** Fits of the whole series, the last one at its last point; 0 when the series is shorter than the window. */
    fits,
    /** Fits `[from, to)` of a task, preceded by those from `warm` on. */
    run(index: number) {
      const from = index * size
      return { warm: Math.max(0, from - extra), from, to: Math.min(from + size, fits) }
    },
    /** The last point a fit looks at. */
    origin: (fit: number) => Math.min(window - 1 + fit * stride, points - 1),
  }
}

// The output of a levels task, little-endian: 32 bytes a fit (level, low, high as doubles in units, NaN without a band;
// inside and of, 32 bits each); in the last task then 16 bytes a leaf (its first point and the one behind its last, level).

const FIT_BYTES = 32
const LEAF_BYTES = 16

export interface Fit {
  readonly level: number
  readonly low: number
  readonly high: number
  /** Later prices inside the band, of how many; 0 of 0 without a band. */
  readonly inside: number
  readonly of: number
}

export interface Leaf {
  readonly from: number
  readonly to: number
  readonly level: number
}

export function checkFits(bytes: Uint8Array, fits: number, maxLeaves: number): void {
  const leaves = (bytes.length - fits * FIT_BYTES) / LEAF_BYTES
  const possible = maxLeaves === 0 ? leaves === 0 : Number.isInteger(leaves) && leaves >= 1 && leaves <= maxLeaves
  if (!possible) throw new MalformedOutput(`${bytes.length} bytes are not ${fits} fits and 1 to ${maxLeaves} leaves.`)
}

export function fitsOf(bytes: Uint8Array, count: number): Fit[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: count }, (_, i) => ({
    level: view.getFloat64(i * FIT_BYTES, true),
    low: view.getFloat64(i * FIT_BYTES + 8, true),
    high: view.getFloat64(i * FIT_BYTES + 16, true),
    inside: view.getUint32(i * FIT_BYTES + 24, true),
    of: view.getUint32(i * FIT_BYTES + 28, true),
  }))
}

export function leavesOf(bytes: Uint8Array, fits: number): Leaf[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const leaves: Leaf[] = []
  for (let at = fits * FIT_BYTES; at < bytes.length; at += LEAF_BYTES) {
    leaves.push({
      from: view.getUint32(at, true),
      to: view.getUint32(at + 4, true),
      level: view.getFloat64(at + 8, true),
    })
  }
  return leaves
}

/** Points looked at between two reports: some ten milliseconds, half a second on a slow board. */
const POINTS_PER_REPORT = 1_000_000

export function runLevels(wasm: Wasm, params: LevelsParams, points: number): Runner {
  const plan = levelsPlan(params, points)
  const outside = Math.round((1 - params.coverage) * 1_000_000)
  if (!wasm.prepareLevels(params.window, params.depth, plan.stride, plan.calibration, outside)) throw outOfMemory()
  const perReport = Math.max(1, Math.floor(POINTS_PER_REPORT / params.window))
  return {
    run(index, progress) {
      if (plan.fits === 0) return new Uint8Array()
      const { warm, from, to } = plan.run(index)
      wasm.beginLevels()
      for (let fit = warm; fit < to; fit++) {
        wasm.fit(fit, fit >= from ? 1 : 0)
        if (fit % perReport === 0) progress((fit - warm) / (to - warm))
      }
      const fitBytes = (to - from) * FIT_BYTES
      const last = to === plan.fits
      if (last) wasm.lastTree()
      const leafBytes = last ? wasm.leafCount.value * LEAF_BYTES : 0
      const output = new Uint8Array(fitBytes + leafBytes)
      output.set(new Uint8Array(wasm.memory.buffer, wasm.fits.value, fitBytes))
      output.set(new Uint8Array(wasm.memory.buffer, wasm.leaves.value, leafBytes), fitBytes)
      return output
    },
  }
}
