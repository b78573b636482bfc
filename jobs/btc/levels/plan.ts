import type { LevelsParams } from '../params.ts'

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

export interface LevelsPlan {
  readonly tasks: number
  readonly stride: number
  /** How many of the latest scores a band is read from. */
  readonly calibration: number
  /** Fits of the whole series, the last one at its last point; 0 when the series is shorter than the window. */
  readonly fits: number
  /** Fits `[from, to)` of a task, preceded by those from `warm` on. */
  run(index: number): { readonly warm: number; readonly from: number; readonly to: number }
  /** The last point a fit looks at. */
  origin(fit: number): number
}

export function levelsPlan(params: LevelsParams, points: number): LevelsPlan {
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
    calibration,
    fits,
    run(index) {
      const from = index * size
      return { warm: Math.max(0, from - extra), from, to: Math.min(from + size, fits) }
    },
    origin: (fit) => Math.min(window - 1 + fit * stride, points - 1),
  }
}
