import { encodeSeries } from '../../jobs/btc/series.ts'
import type { Tick } from './feed.ts'

// The project's own sample, made by a seeded generator and labelled synthetic: a driftless walk of known deviation, in
// cents, in which most prices repeat, as logs of a quiet market do.

/** Deviation of a step's logarithm, and the share of ticks at which there is a step. */
export const STEP_DEVIATION = 0.0006
export const STEP_SHARE = 0.4

const EVERY_MS = 15_000
const FIRST_CENTS = 911_176
const UNITS_PER_CENT = 1_000_000

/** Endless ticks from `from` (ms) on, the same for the same seed. */
export function* syntheticTicks(seed: number, from: number): Generator<Tick> {
  const next = splitmix(BigInt(seed))
  let price = FIRST_CENTS
  for (let i = 0; ; i++) {
    yield { at: from + i * EVERY_MS, units: Math.max(1, Math.round(price)) * UNITS_PER_CENT, source: 'synthetic' }
    const steps = next() < STEP_SHARE
    // Twelve uniform ones added up are normal enough, and the same on every engine.
    let sum = -6
    for (let k = 0; k < 12; k++) sum += next()
    if (steps) price *= 1 + STEP_DEVIATION * sum
  }
}

/** Uniform in 0 … 1, from splitmix64. */
function splitmix(seed: bigint): () => number {
  let state = seed
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n)
    let z = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n)
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
    return Number((z ^ (z >> 31n)) >> 11n) / 2 ** 53
  }
}

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
