import { type Share, wilson } from '../../jobs/btc/analysis.ts'
import { UNITS_PER_USD } from '../../jobs/btc/series.ts'
import { nearestDouble } from '../../jobs/math/rational.ts'

/**
 * Least squares of price on time over the points since a model's start. All sums are whole numbers of any length, so a
 * value is the textbook's exact fraction, rounded once.
 */
export function newLine() {
  let points = 0
  let since: number | null = null
  let x1 = 0n
  let x2 = 0n
  let y1 = 0n
  let xy = 0n
  const determinant = () => BigInt(points) * x2 - x1 * x1
  const steepness = () => BigInt(points) * xy - x1 * y1
  const perUsd = BigInt(UNITS_PER_USD)
  return {
    get points() {
      return points
    },
    /** Time (ms) of its first point; null without any. */
    get since() {
      return since
    },
    add(at: number, units: number): void {
      since ??= at
      const x = BigInt(at - since)
      const y = BigInt(units)
      points++
      x1 += x
      x2 += x * x
      y1 += y
      xy += x * y
    },
    /** The line at a time, in USD; null below two points, or when all have one time. */
    value(at: number): number | null {
      const den = determinant()
      if (den === 0n || since === null) return null
      const x = BigInt(Math.round(at - since))
      return nearestDouble({ num: y1 * x2 - x1 * xy + steepness() * x, den: den * perUsd })
    },
    /** In USD per second. */
    slope(): number | null {
      const den = determinant()
      return den === 0n ? null : nearestDouble({ num: steepness() * 1000n, den: den * perUsd })
    },
  }
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

/** What the model foretold, measured when its time has come; prices in USD. */
export function newForesight(aheadMs = AHEAD_MS, kept = KEPT) {
  let open: { readonly due: number; readonly price: number; readonly predicted: number }[] = []
  const settled: { readonly error: number; readonly better: boolean }[] = []
  return {
    /** Notes what is foretold at `at` (ms) for `at + aheadMs`. */
    foretell(at: number, price: number, predicted: number): void {
      open.push({ due: at + aheadMs, price, predicted })
    },
    /** A price came: settles what was foretold for now or before. */
    settle(at: number, price: number): void {
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
    accuracy(): Accuracy {
      const count = settled.length
      const mean = (measured: (error: number) => number) =>
        count === 0 ? null : settled.reduce((sum, { error }) => sum + measured(error), 0) / count
      const hits = settled.filter(({ better }) => better).length
      return { count, mae: mean(Math.abs), bias: mean((error) => error), better: wilson(hits, count) }
    },
    /** Past errors (actual − predicted, USD), oldest first. */
    errors: (): readonly number[] => settled.map(({ error }) => error),
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
