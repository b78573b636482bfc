import { price } from '../memory.as'

// The moving average: an exact sum over the last `window` prices, divided and rounded once.
//
// The sum is kept as quotient and remainder, sum = whole × window + rest with 0 ≤ rest < window, so no sum is ever larger
// than a price and nothing overflows. All of it is whole numbers below 2^53 in doubles: every operation is exact.

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

// Market states of up to 64 consecutive points as bits, the first point in the highest bit.

export let green: u64 = 0
export let red: u64 = 0

/** green: price > average × above; red: price < average × below; neither: blue. */
export function states(prices: usize, averages: usize, steps: i32, above: f64, below: f64): void {
  let greens: u64 = 0
  let reds: u64 = 0
  if (ASC_FEATURE_SIMD) {
    const above2 = f64x2.splat(above)
    const below2 = f64x2.splat(below)
    for (let i: usize = 0; i < 512; i += 16) {
      // Lanes swapped: the first point belongs in the higher bit.
      const price = v128.load(prices + i)
      const average = v128.load(averages + i)
      const isGreen = f64x2.gt(price, f64x2.mul(average, above2))
      const isRed = f64x2.lt(price, f64x2.mul(average, below2))
      greens = (greens << 2) | swapped(i64x2.bitmask(isGreen))
      reds = (reds << 2) | swapped(i64x2.bitmask(isRed))
    }
  } else {
    for (let i: usize = 0; i < 512; i += 8) {
      const price = load<f64>(prices + i)
      const average = load<f64>(averages + i)
      greens = (greens << 1) | <u64>(price > average * above)
      reds = (reds << 1) | <u64>(price < average * below)
    }
  }
  const used = ~(<u64>0) << (64 - steps)
  green = greens & used
  red = reds & used
}

@inline function swapped(bits: i32): u64 {
  return <u64>((bits >> 1) | ((bits & 1) << 1))
}
