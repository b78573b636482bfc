import { fixedPoint, scale } from '../math/rational.ts'
import type { FractalParams } from './params.ts'
import { exactly, type View } from './view.ts'

/** The orbit of the picture's centre, from big numbers, rounded to doubles. */
export interface Reference {
  /** z₀, z₁ … as pairs re, im. */
  readonly points: Float64Array
  /** |z|² − 4 of each: near the circle where escape is decided, z itself is too coarse to tell. */
  readonly beyond: Float64Array
}

// The orbit is followed well past its own escape: a pixel that still is within |z| ≤ 2 then differs from it by more than
// its own size, so it has been rebased before the reference ends.
const FAR_SQUARED = 64n
const FAR_CENTER = 8

/** `extraBits`: more fraction bits than needed, for tests. */
export function referenceOrbit(params: FractalParams, view: View, extraBits = 0): Reference {
  if (Math.abs(view.centerRe) > FAR_CENTER || Math.abs(view.centerIm) > FAR_CENTER) return outside(view)
  const bits = 64 + 2 * Math.max(0, ceilLog2(1 / view.step)) + extraBits
  const shift = BigInt(bits)
  const cRe = fixedPoint(exactly(params.center[0]), bits)
  const cIm = fixedPoint(exactly(params.center[1]), bits)
  const four = 4n << shift
  const far = FAR_SQUARED << shift
  const points = new Float64Array(2 * (params.maxIterations + 1))
  const beyond = new Float64Array(params.maxIterations + 1)
  beyond[0] = -4
  let re = 0n
  let im = 0n
  let reSquared = 0n
  let imSquared = 0n
  let n = 0
  while (n < params.maxIterations) {
    im = ((re * im) >> (shift - 1n)) + cIm
    re = reSquared - imSquared + cRe
    reSquared = (re * re) >> shift
    imSquared = (im * im) >> shift
    n++
    const square = reSquared + imSquared
    points[2 * n] = scale(Number(re), -bits)
    points[2 * n + 1] = scale(Number(im), -bits)
    beyond[n] = scale(Number(square - four), -bits)
    if (square > far) break
  }
  return { points: points.subarray(0, 2 * (n + 1)), beyond: beyond.subarray(0, n + 1) }
}

// So far out every pixel escapes at z₁ = c.
function outside({ centerRe, centerIm }: View): Reference {
  return { points: Float64Array.of(0, 0, centerRe, centerIm), beyond: Float64Array.of(-4, Infinity) }
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
