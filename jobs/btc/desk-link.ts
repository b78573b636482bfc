/** Prices of the moving average that a link to the desk may ask for: `/btc?window=…&tolerance=…`. */
const LARGEST_WINDOW = 5000

export function isDeskWindow(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= LARGEST_WINDOW
}
