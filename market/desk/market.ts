export type MarketState = 'green' | 'red' | 'blue'

/** Green above the average, red below, blue within the tolerance of it; as in a sweep. */
export function marketState(units: number, average: number, tolerance: number): MarketState {
  if (units > average * (1 + tolerance)) return 'green'
  if (units < average * (1 - tolerance)) return 'red'
  return 'blue'
}
