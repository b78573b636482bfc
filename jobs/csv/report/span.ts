/** What part of the values an axis shows. */
export interface Span {
  readonly from: number
  readonly to: number
  /** True where the outermost thousandth on either side is left out, because it would press all else together. */
  readonly cut: boolean
}

/** Tails longer than so many times all the rest. */
const LONG_TAILS = 4

export function spanOf(min: number, max: number, quantiles: Readonly<Record<string, number>>): Span {
  const from = quantiles['0.001'] ?? min
  const to = quantiles['0.999'] ?? max
  const cut = to > from && (max / 2 - min / 2) / (to / 2 - from / 2) > LONG_TAILS
  return cut ? { from, to, cut } : { from: min, to: max, cut }
}
