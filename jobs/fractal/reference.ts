import { scale } from '../math/rational.ts'
import { fixedCenter, fractionBits } from './exact.ts'
import type { FractalParams } from './params.ts'
import type { View } from './view.ts'

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
