import { count, price, reserve } from '../memory.as'
import { LIMBS, addDouble, addWide, addWord, newWide, quotient, setWide, timesWord } from './exact.as'

// Least-squares lines over a sliding window and how well they foretell.
//
// With y₀ … y_{w−1} the window's prices, S = Σ y and U = Σ (2x − (w − 1)) y, the line of y on x read at x = w − 1 + h is
//   ( S (w² − 1) + 3 U (w − 1 + 2h) ) / ( w (w² − 1) ),
// whole numbers throughout: one exact division, rounded once. Windows and horizons up to 10⁶ and prices below 2^53 keep
// the numerator below 2^117.

const HORIZONS: i32 = 100

/** Per horizon: count, better (32 bits each), then the limbs of Σ|error|, Σ error, Σ error². */
const TALLY: usize = 8 + 3 * LIMBS * 8

export const horizons: usize = reserve(HORIZONS * 4)
export const tallies: usize = reserve(HORIZONS * TALLY)

const sum: usize = newWide()
const moment: usize = newWide()
const term: usize = newWide()
const numerator: usize = newWide()

let window: i64 = 2
let asked: i32 = 0
let at: i32 = 0

/** Begins with the window that ends at t ≥ window − 1. */
export function beginPredict(window_: i32, t: i32, horizons_: i32): void {
  window = window_
  asked = horizons_
  at = t
  memory.fill(tallies, 0, HORIZONS * TALLY)
  setWide(sum, 0)
  setWide(moment, 0)
  for (let x = 0; x < window_; x++) {
    const y = <i64>price(t - window_ + 1 + x)
    addWord(sum, y)
    setWide(term, y)
    const weight = <i64>(2 * x) - (window - 1)
    timesWord(term, term, weight < 0 ? -weight : weight)
    if (weight < 0) negate(term)
    addWide(moment, term)
  }
}

/** Goes on with the windows that end before `end`. */
export function proceedPredict(end: i32): void {
  const denominator = <u64>(window * (window * window - 1))
  while (at < end) {
    const now = price(at)
    for (let i: usize = 0; i < <usize>asked; i++) {
      const horizon = load<i32>(horizons + (i << 2))
      if (at + horizon >= count) continue
      timesWord(numerator, sum, window * window - 1)
      timesWord(term, moment, 3 * (window - 1 + 2 * <i64>horizon))
      addWide(numerator, term)
      const actual = price(at + horizon)
      tally(tallies + i * TALLY, actual - quotient(numerator, denominator), actual - now)
    }
    at++
    if (at < count) slide()
  }
}

@inline function tally(into: usize, error: f64, move: f64): void {
  store<u32>(into, load<u32>(into) + 1)
  if (abs(error) < abs(move)) store<u32>(into, load<u32>(into, 4) + 1, 4)
  addDouble(into + 8, abs(error))
  addDouble(into + 8 + (LIMBS << 3), error)
  addDouble(into + 8 + (LIMBS << 4), error * error)
}

/** To the window that ends at `at`: U grows by (w − 1)(y_in + y_out) − 2 (S − y_out). */
@inline function slide(): void {
  const entering = <i64>price(at)
  const leaving = <i64>price(at - <i32>window)
  setWide(term, entering + leaving)
  timesWord(term, term, window - 1)
  addWide(moment, term)
  addWord(sum, -leaving)
  timesWord(term, sum, 2)
  negate(term)
  addWide(moment, term)
  addWord(sum, entering)
}

@inline function negate(wide: usize): void {
  const low = load<u64>(wide)
  store<i64>(wide, ~load<i64>(wide, 8) + <i64>(low == 0), 8)
  store<u64>(wide, 0 - low)
}
