// The moving average: an exact sum over the last `window` prices, divided and rounded once.
//
// The sum is kept as quotient and remainder, sum = whole × window + rest with 0 ≤ rest < window, so no sum is ever larger
// than a price and nothing overflows. All of it is whole numbers below 2^53 in doubles: every operation is exact.
import { price } from '../series.as'

let window: f64 = 1
let whole: f64 = 0
let rest: f64 = 0

function add(difference: f64): void {
  let quotient = Math.floor(difference / window)
  let remainder = difference - quotient * window
  // The division may have rounded up to the next whole number.
  if (remainder < 0) {
    remainder += window
    quotient -= 1
  }
  rest += remainder
  whole += quotient
  if (rest >= window) {
    rest -= window
    whole += 1
  }
}

/** Sums the prices before `t` that the average at t includes. */
export function startAverage(points: i32, t: i32): void {
  window = <f64>points
  whole = 0
  rest = 0
  for (let i = t - points + 1; i < t; i++) add(price(i))
}

/**
 * Writes the averages at t … t + steps − 1. With 2 × window ≤ whole, the fraction rest / window is at least 2^−53 away from
 * every midpoint of neighbouring doubles it does not equal, and its own rounding is below 2^−54: adding rounds as if once.
 */
export function averages(points: i32, t: i32, steps: i32, into: usize): void {
  for (let i = t; i < t + steps; i++) {
    add(price(i))
    const average = whole >= 2 * window ? whole + rest / window : (whole * window + rest) / window
    store<f64>(into, average)
    into += 8
    add(-price(i - points + 1))
  }
}
