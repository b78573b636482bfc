import { encodeSeries } from '../../jobs/btc/series.ts'
import { syntheticTicks } from './synthetic.ts'

// The series every pool has, made by the project's own seeded generator: the same for everybody, so results can be
// compared between pools.

export const SAMPLE_SEED = 1
/** 1 January 2026, UTC. */
export const SAMPLE_FROM = 1_767_225_600_000
const SAMPLE_POINTS = 20_000

export function sampleSeries(): Uint8Array<ArrayBuffer> {
  const prices = new Float64Array(SAMPLE_POINTS)
  const times = new Float64Array(SAMPLE_POINTS)
  let i = 0
  for (const { at, units } of syntheticTicks(SAMPLE_SEED, SAMPLE_FROM)) {
    times[i] = at
    prices[i++] = units
    if (i === SAMPLE_POINTS) break
  }
  return encodeSeries({ prices, times, skipped: { unreadable: 0, price: 0, duplicate: 0, spike: 0 } })
}
