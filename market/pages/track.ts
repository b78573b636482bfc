import type { MarketState } from '../desk/average.ts'
import { type DeskOptions, type DeskState, newDesk } from '../desk/desk.ts'
import type { Accuracy } from '../desk/foresight.ts'
import type { Point } from '../desk/prices.ts'

/** What is drawn: column by column, as uPlot wants it. */
export interface Rows {
  /** Seconds since 1970. */
  readonly times: number[]
  readonly prices: number[]
  readonly averages: (number | null)[]
  readonly states: (MarketState | null)[]
  readonly errors: (number | null)[]
  /** When each linear model began, seconds since 1970. */
  readonly models: number[]
}

/** A viewer's own desk over the points the pool told, with all that is drawn of it. */
export interface Track {
  readonly rows: Rows
  add(points: readonly Point[], source: string): void
  state(stale: boolean): DeskState
  accuracy(): Accuracy
  pastErrors(): readonly number[]
}

const MOST_ROWS = 20_000

/** @param since when the pool's own model began: with as many points a model, the viewer's begin where the pool's do. */
export function newTrack(options: DeskOptions, points: readonly Point[], source: string, since: number | null): Track {
  const desk = newDesk(options)
  const rows: Rows = { times: [], prices: [], averages: [], states: [], errors: [], models: [] }

  function add(more: readonly Point[], from: string): void {
    for (const [at, units] of more) {
      desk.add({ at, units, source: from })
      const { price, average, state, error, model } = desk.state(false)
      rows.times.push(at / 1000)
      rows.prices.push(price ?? 0)
      rows.averages.push(average)
      rows.states.push(state)
      rows.errors.push(error)
      const began = model && Date.parse(model.since) / 1000
      if (began && rows.models[rows.models.length - 1] !== began) rows.models.push(began)
    }
    if (rows.times.length <= 2 * MOST_ROWS) return
    const old = rows.times.length - MOST_ROWS
    for (const column of [rows.times, rows.prices, rows.averages, rows.states, rows.errors]) column.splice(0, old)
  }

  const start = points.findIndex(([at]) => at === since)
  add(start < 0 ? points : points.slice(start % options.modelPoints), source)
  return { rows, add, state: desk.state, accuracy: desk.accuracy, pastErrors: desk.errors }
}
