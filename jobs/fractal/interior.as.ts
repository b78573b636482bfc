// Certificates that a Mandelbrot orbit, as computed in doubles, never escapes. No test of the exact set is trusted near
// its edge: the computed orbit itself is followed into a disc that the map provably (rounding included) never leaves.
import { maxIterations } from './task.as'

const PATIENCE: i32 = 256

export function neverEscapes(cRe: f64, cIm: f64): bool {
  const x = cRe - 0.25
  const y2 = cIm * cIm
  const q = x * x + y2
  if (q * (q + x) < 0.25 * y2) return inCardioid(cRe, cIm)
  const x1 = cRe + 1
  if (x1 * x1 + y2 < 0.0625) return inDisc(cRe, cIm)
  return false
}

// Around the fixed point a, w = z − a follows w′ = 2a w + w². With R = 1 − |2a| the disc |w| ≤ R/2 maps into
// |w| ≤ R/2 − R²/4, and R ≥ 2⁻⁸ leaves 2⁻¹⁸ for rounding errors below 2⁻⁴⁸.
function inCardioid(cRe: f64, cIm: f64): bool {
  // 2a = 1 − √(1 − 4c)
  const u = 1 - 4 * cRe
  const v = -4 * cIm
  const s = sqrt((sqrt(u * u + v * v) + u) / 2)
  if (s < 0.0001) return false
  const aRe = (1 - s) / 2
  const aIm = -v / (4 * s)
  const radius = (1 - 2 * sqrt(aRe * aRe + aIm * aIm)) / 2
  return radius >= 0.001953125 && comesNear(cRe, cIm, aRe, aIm, radius)
}

// Around a of the 2-cycle a, b (z² + z + c + 1 = 0) two steps are w″ = w (2a + w) (2b + u), u = w (2a + w). The disc
// |w| ≤ r is kept when (|2a| + r) (|2b| + r (|2a| + r)) < 1 − 2⁻⁹, which is computed, not assumed.
function inDisc(cRe: f64, cIm: f64): bool {
  const u = -3 - 4 * cRe
  const v = -4 * cIm
  const size = sqrt(u * u + v * v)
  // √(u + iv), u > −2 … 2 here; take the branch without cancellation.
  let s = sqrt((size + abs(u)) / 2)
  if (s < 0.0001) return false
  let t = v / (2 * s)
  if (u < 0) {
    const swap = s
    s = abs(t)
    t = v < 0 ? -swap : swap
  }
  const aRe = (s - 1) / 2
  const aIm = t / 2
  const a2 = 2 * sqrt(aRe * aRe + aIm * aIm)
  const b2 = sqrt((1 + s) * (1 + s) + t * t)
  const r = (1 - a2 * b2) / 8
  if (r < 0.001953125) return false
  if ((a2 + r) * (b2 + r * (a2 + r)) > 0.998) return false
  return comesNear(cRe, cIm, aRe, aIm, r)
}

function comesNear(cRe: f64, cIm: f64, aRe: f64, aIm: f64, radius: f64): bool {
  const patience = min(PATIENCE, maxIterations)
  // A little inside, so that the errors of a and of this test do not matter.
  const enough = radius * radius * 0.9
  let re = cRe
  let im = cIm
  for (let n = 1; n < patience; n++) {
    const dRe = re - aRe
    const dIm = im - aIm
    if (dRe * dRe + dIm * dIm < enough) return true
    const rr = re * re
    const ii = im * im
    if (rr + ii > 4) return false
    im = 2 * re * im + cIm
    re = rr - ii + cRe
  }
  return false
}
