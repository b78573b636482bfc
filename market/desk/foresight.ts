import { type Share, wilson } from '../../jobs/btc/wilson.ts'

/** What the model foretold, measured when its time has come. */
export interface Foresight {
  /** Notes what is foretold at `at` (ms) for `at + aheadMs`; prices in USD. */
  foretell(at: number, price: number, predicted: number): void
  /** A price came: settles what was foretold for now or before. */
  settle(at: number, price: number): void
  accuracy(): Accuracy
  /** Past errors (actual − predicted, USD), oldest first. */
  errors(): readonly number[]
}

export interface Accuracy {
  readonly count: number
  /** Mean absolute and mean error in USD; null without any. */
  readonly mae: number | null
  readonly bias: number | null
  /** How often it was strictly nearer than "no change". */
  readonly better: Share
}

export const AHEAD_MS = 120_000
/** A price this long after its time says nothing about the prediction any more. */
const LATEST_MS = 60_000
const KEPT = 1000

export function newForesight(aheadMs = AHEAD_MS, kept = KEPT): Foresight {
  let open: { readonly due: number; readonly price: number; readonly predicted: number }[] = []
  const settled: { readonly error: number; readonly better: boolean }[] = []
  return {
    foretell(at, price, predicted) {
      open.push({ due: at + aheadMs, price, predicted })
    },
    settle(at, price) {
      const ripe = open.filter(({ due }) => due <= at)
      if (ripe.length === 0) return
      open = open.slice(ripe.length)
      for (const { due, price: before, predicted } of ripe) {
        if (at - due > LATEST_MS) continue
        const error = price - predicted
        settled.push({ error, better: Math.abs(error) < Math.abs(price - before) })
      }
      settled.splice(0, settled.length - kept)
    },
    accuracy() {
      const count = settled.length
      const mean = (of: (error: number) => number) =>
        count === 0 ? null : settled.reduce((sum, { error }) => sum + of(error), 0) / count
      const hits = settled.filter(({ better }) => better).length
      return { count, mae: mean(Math.abs), bias: mean((error) => error), better: wilson(hits, count) }
    },
    errors: () => settled.map(({ error }) => error),
  }
}

/** Fewer past errors than this say nothing worth showing. */
const ENOUGH = 30

/**
 * The chance that the price then lies above the setpoint: the share of past errors that would have carried this
 * prediction there. Null while there are too few.
 */
export function chanceAbove(setpoint: number, prediction: number, errors: readonly number[]): Share | null {
  if (errors.length < ENOUGH) return null
  return wilson(errors.filter((error) => prediction + error > setpoint).length, errors.length)
}
