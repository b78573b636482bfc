import { exp } from '../../math/exp.ts'
import { BINS } from './counts.ts'

const QUANTILES = { p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95 } as const
const BINS_PER_DEVIATION = 16

type Name = keyof typeof QUANTILES

export type FanRow = { readonly step: number } & Readonly<Record<Name, number>>

/**
 * Quantiles of the price at one step from its bins: the bin in which the share is reached, read linearly inside it. A bin
 * is a sixteenth of the step's deviation wide, which keeps the error far below the chance of a different seed.
 */
export function fanRow(
  step: number,
  bins: ArrayLike<number>,
  start: number,
  walk: { readonly price: number; readonly mean: number; readonly deviation: number; readonly paths: number },
): FanRow {
  const deviation = walk.deviation * Math.sqrt(step)
  const at = (share: number) => {
    const place = (placeOf(share * walk.paths, bins, start) - BINS / 2) / BINS_PER_DEVIATION
    return walk.price * exp(step * walk.mean + (walk.deviation === 0 ? 0 : place * deviation))
  }
  const { p05, p25, p50, p75, p95 } = QUANTILES
  return { step, p05: at(p05), p25: at(p25), p50: at(p50), p75: at(p75), p95: at(p95) }
}

function placeOf(wanted: number, bins: ArrayLike<number>, start: number): number {
  let before = 0
  for (let bin = 0; bin < BINS; bin++) {
    const count = bins[start + bin]!
    if (before + count >= wanted && count > 0) return bin + (wanted - before) / count
    before += count
  }
  return BINS / 2
}
