/**
 * The exact sum as quotient and remainder by `window`, so that a price equal to its average is seen as equal. Written a
 * second time beside the kernel's (sweep/states.as.ts), because neither can run where the other does: that one reads
 * wasm memory and has one window at a time, this one takes prices as they come, in pages and on a server that load no
 * kernel. [B1] and [B9] hold both to the same straightforward definition.
 */
export function movingAverage(window: number) {
  const kept: number[] = []
  let oldest = 0
  let whole = 0
  let rest = 0

  function change(difference: number): void {
    let quotient = Math.floor(difference / window)
    let remainder = difference - quotient * window
    if (remainder < 0) {
      remainder += window
      quotient -= 1
    }
    whole += quotient
    rest += remainder
    if (rest >= window) {
      rest -= window
      whole += 1
    }
  }

  return {
    /** Takes the next price (units) and gives the average of the last `window`; null until there are as many. */
    add(units: number): number | null {
      if (kept.length < window) kept.push(units)
      else {
        // The old one first: one price more than the window has could pass what a double holds exactly.
        change(-kept[oldest]!)
        kept[oldest] = units
        oldest = (oldest + 1) % window
      }
      change(units)
      if (kept.length < window) return null
      return whole >= 2 * window ? whole + rest / window : (whole * window + rest) / window
    },
  }
}

export type MarketState = 'green' | 'red' | 'blue'

/** Green above the average, red below, blue within the tolerance of it; as in a sweep. */
export function marketState(units: number, average: number, tolerance: number): MarketState {
  if (units > average * (1 + tolerance)) return 'green'
  if (units < average * (1 - tolerance)) return 'red'
  return 'blue'
}
