import { usd } from '../../jobs/btc/series.ts'
import { type MarketState, marketState, movingAverage } from './average.ts'
import { AHEAD_MS, newForesight, newLine } from './foresight.ts'

// The desk: what is shown of a stream of prices. Pure: time comes in with the prices. The same code runs in the
// coordinator, for /api/v1/btc/state, and in the page, for a viewer's own window and tolerance.

export interface DeskOptions {
  /** Points of the moving average. */
  readonly window: number
  /** Share of the average within which the market is blue. */
  readonly tolerance: number
  /** Points of a linear model before a new one begins. */
  readonly modelPoints: number
}

export const deskDefaults: DeskOptions = { window: 50, tolerance: 0.0005, modelPoints: 1000 }

/** Prices in USD, times in ISO 8601 UTC. */
export interface DeskState {
  readonly at: string | null
  readonly price: number | null
  readonly source: string | null
  readonly stale: boolean
  /** Null until there are as many points as the window has. */
  readonly average: number | null
  readonly state: MarketState | null
  /** Null below two points. */
  readonly model: {
    readonly since: string
    readonly points: number
    /** The line at this tick's time, and its rise per second. */
    readonly value: number
    readonly slope: number
  } | null
  /** Price − what the model said for this tick before the tick was added; null while it said nothing. */
  readonly error: number | null
  /** The model read 120 s ahead. */
  readonly prediction: number | null
}

export interface DeskTick {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly units: number
  readonly source: string
}

const nothing: DeskState = {
  at: null,
  price: null,
  source: null,
  stale: true,
  average: null,
  state: null,
  model: null,
  error: null,
  prediction: null,
}

export function newDesk({ window, tolerance, modelPoints }: DeskOptions = deskDefaults) {
  const moving = movingAverage(window)
  const foresight = newForesight()
  let line = newLine()
  let last = nothing

  return {
    /** Ticks come in order of time; what does not was excluded before. */
    add({ at, units, source }: DeskTick): void {
      const price = usd(units)
      const average = moving.add(units)
      const foretold = line.value(at)
      if (line.points >= modelPoints) line = newLine()
      line.add(at, units)
      const value = line.value(at)
      const slope = line.slope()
      const prediction = line.value(at + AHEAD_MS)
      foresight.settle(at, price)
      if (prediction !== null) foresight.foretell(at, price, prediction)
      last = {
        at: new Date(at).toISOString(),
        price,
        source,
        stale: false,
        average: average === null ? null : usd(average),
        state: average === null ? null : marketState(units, average, tolerance),
        model:
          value === null || slope === null
            ? null
            : { since: new Date(line.since ?? at).toISOString(), points: line.points, value, slope },
        error: foretold === null ? null : price - foretold,
        prediction,
      }
    },
    state: (stale: boolean): DeskState => ({ ...last, stale: stale || last.at === null }),
    accuracy: foresight.accuracy,
    /** Past errors of the two-minute prediction, for the chance at a setpoint. */
    errors: foresight.errors,
  }
}

/** No price for longer than this is stale, whatever the source's usual pace. */
const FRESH_MS = 30_000

/** Whether a feed whose last tick arrived at `arrived` (ms, our clock) has gone quiet; `usualMs`: its usual pace. */
export function isStale(arrived: number | null, now: number, usualMs: number): boolean {
  return arrived === null || now - arrived > Math.max(FRESH_MS, 3 * usualMs)
}
