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

const TICKS = 5

/** Round values along an axis, about five. */
export function ticksOf({ from, to }: Span): readonly number[] {
  const rough = (to - from) / TICKS
  if (!Number.isFinite(rough) || rough <= 0) return []
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough)! * power
  const first = Math.ceil(from / step)
  const last = Math.floor(to / step)
  return Array.from({ length: Math.max(0, Math.min(last - first + 1, 2 * TICKS)) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  )
}
