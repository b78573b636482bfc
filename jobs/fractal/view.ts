import { nearestDouble, type Rational, rational } from '../math/rational.ts'

/** Where a picture lies in the plane, in the doubles that its definition speaks of. */
export interface View {
  readonly centerRe: number
  readonly centerIm: number
  readonly span: number
  /** Distance between neighbouring pixels. */
  readonly step: number
  /** The pixels lie too close together for doubles: perturbation from a reference orbit. */
  readonly deep: boolean
}

/** The shallowest step that one double per operation can draw without blocks, relative to the centre's size. */
const FINEST_SHALLOW_STEP = 1 / 17592186044416

export function viewOf(params: {
  readonly center: readonly [re: number | string, im: number | string]
  readonly span: number | string
  readonly width: number
}): View {
  const centerRe = double(params.center[0])
  const centerIm = double(params.center[1])
  const span = double(params.span)
  const step = span / params.width
  const deep = step < FINEST_SHALLOW_STEP * Math.max(1, Math.abs(centerRe), Math.abs(centerIm))
  return { centerRe, centerIm, span, step, deep }
}

/** The nearest double to a number as given; ±Infinity when it is beyond all doubles. */
export function double(value: number | string): number {
  const exact = rational(value)
  if (exact) return nearestDouble(exact)
  return String(value).startsWith('-') ? -Infinity : Infinity
}

/** A number as given, exactly. The schema has refused what has no such value. */
export function exactly(value: number | string): Rational {
  return rational(value) as Rational
}
