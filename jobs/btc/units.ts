/** Prices are whole numbers of 10⁻⁸ USD: exact, whatever is added up. */
export const UNITS_PER_USD = 100_000_000

/**
 * $90,000,000, the largest price that counts: below 2^53 units a price is exactly a double, and what the kernel computes
 * with one stays exact.
 */
export const MAX_UNITS = 9_000_000_000_000_000

/** In USD, as the nearest double. */
export function usd(units: number): number {
  return units / UNITS_PER_USD
}
