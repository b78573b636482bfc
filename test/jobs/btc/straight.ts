// The oracles: every formula of the kind written down as its definition reads, with big integers where sums must be exact.
// Nothing is shared with the kernel.

/** num / den (> 0) rounded once to the nearest double, ties to even. */
export function quotient(num: bigint, den: bigint): number {
  const shifted = (num << 1200n) / den
  const exact = shifted * den === num << 1200n
  // Number() of a big integer rounds to nearest, ties to even; a last bit stands for what was cut off.
  const sticky = exact ? shifted * 2n : shifted * 2n + (num < 0n ? -1n : 1n)
  return scaled(sticky, 1201)
}

function scaled(value: bigint, down: number): number {
  const length = (value < 0n ? -value : value).toString(2).length
  const cut = BigInt(Math.max(0, length - 64))
  const head = value >> cut
  const sticky = head << cut === value ? head * 2n : head * 2n + 1n
  return Number(sticky) * 2 ** (Number(cut) - down - 1)
}

interface Strategy {
  readonly window: number
  readonly tolerance: number
  readonly hold: number
}

export function averages(prices: readonly number[], window: number): number[] {
  return prices.map((_, t) => {
    if (t < window - 1) return Number.NaN
    let sum = 0n
    for (let i = t - window + 1; i <= t; i++) sum += BigInt(prices[i]!)
    return quotient(sum, BigInt(window))
  })
}

/** One strategy over steps `from` … `to` − 1. */
function backtest(
  prices: readonly number[],
  average: readonly number[],
  { tolerance, hold }: Strategy,
  fee: number,
  from: number,
  to: number,
) {
  let position = 0
  let value = 1
  let peak = 1
  let maxDrawdown = 0
  let changes = 0
  let held = 0
  let lastChange = Number.NEGATIVE_INFINITY
  for (let t = from; t < to; t++) {
    const p = prices[t]!
    const a = average[t]!
    const state = p > a * (1 + tolerance) ? 'green' : p < a * (1 - tolerance) ? 'red' : 'blue'
    const wanted = state === 'green' ? 1 : state === 'red' ? 0 : position
    if (wanted !== position && t >= lastChange + hold) {
      position = wanted
      changes++
      lastChange = t
      value = value * (1 - fee)
    }
    if (position === 1) {
      held++
      value = value * (prices[t + 1]! / p)
    }
    peak = Math.max(peak, value)
    maxDrawdown = Math.max(maxDrawdown, 1 - value / peak)
  }
  return { return: value - 1, maxDrawdown, changes, exposure: to > from ? held / (to - from) : null }
}

export function sweep(
  prices: readonly number[],
  grid: { windows: readonly number[]; tolerances: readonly number[]; holds: readonly number[]; fee: number },
) {
  const n = prices.length
  const m = Math.floor((7 * n) / 10)
  const cells = []
  let best: { which: Strategy; train: number } | undefined
  for (const window of grid.windows) {
    const average = averages(prices, window)
    for (const tolerance of grid.tolerances) {
      for (const hold of grid.holds) {
        const which = { window, tolerance, hold }
        const run = backtest(prices, average, which, grid.fee, window - 1, n - 1)
        cells.push({ ...which, ...run })
        const train = backtest(prices, average, which, grid.fee, window - 1, m - 1).return
        if (!best || train > best.train) best = { which, train }
      }
    }
  }
  const { which, train } = best!
  const average = averages(prices, which.window)
  const test = backtest(prices, average, which, grid.fee, Math.max(m, which.window - 1), n - 1).return
  return { grid: cells, buyAndHold: prices[n - 1]! / prices[0]! - 1, walkForward: { best: which, train, test } }
}

/** Textbook least squares, in exact fractions. */
export function predictions(prices: readonly number[], window: number, horizon: number) {
  const found: { predicted: number; actual: number; now: number }[] = []
  for (let t = window - 1; t + horizon < prices.length; t++) {
    let x1 = 0n
    let x2 = 0n
    let y1 = 0n
    let xy = 0n
    for (let x = 0; x < window; x++) {
      const y = BigInt(prices[t - window + 1 + x]!)
      x1 += BigInt(x)
      x2 += BigInt(x * x)
      y1 += y
      xy += BigInt(x) * y
    }
    const n = BigInt(window)
    const determinant = n * x2 - x1 * x1
    const slope = n * xy - x1 * y1
    const intercept = y1 * x2 - x1 * xy
    const predicted = quotient(intercept + slope * BigInt(window - 1 + horizon), determinant)
    found.push({ predicted, actual: prices[t + horizon]!, now: prices[t]! })
  }
  return found
}

interface Leaf {
  readonly from: number
  readonly to: number
  readonly level: number
}

/** A tree over prices[from … to), every split tried by the exact sum of squares it leaves. */
export function tree(prices: readonly number[], from: number, to: number, depth: number): Leaf[] {
  const ys = prices.slice(from, to).map(BigInt)
  const n = ys.length
  if (depth > 0 && n > 1) {
    // Sum of squared errors of a part times its length: n Σy² − (Σy)².
    const spread = (part: readonly bigint[]) => {
      const sum = part.reduce((a, b) => a + b, 0n)
      return { num: BigInt(part.length) * part.reduce((a, b) => a + b * b, 0n) - sum * sum, den: BigInt(part.length) }
    }
    const total = spread(ys)
    let best = { num: total.num, den: total.den, at: -1 }
    for (let at = 1; at < n; at++) {
      const left = spread(ys.slice(0, at))
      const right = spread(ys.slice(at))
      const num = left.num * right.den + right.num * left.den
      const den = left.den * right.den
      if (num * best.den < best.num * den) best = { num, den, at }
    }
    if (best.at > 0) {
      const middle = from + best.at
      return [...tree(prices, from, middle, depth - 1), ...tree(prices, middle, to, depth - 1)]
    }
  }
  return [
    {
      from,
      to,
      level: quotient(
        ys.reduce((a, b) => a + b, 0n),
        BigInt(n),
      ),
    },
  ]
}

/** The band of every fit and what fell into it; `outside` in millionths. */
export function bands(prices: readonly number[], window: number, depth: number, stride: number, outside: number) {
  const n = prices.length
  const scores: number[] = []
  const fits = []
  for (let origin = window - 1; ; origin = Math.min(origin + stride, n - 1)) {
    const level = tree(prices, origin + 1 - window, origin + 1, depth).at(-1)!.level
    const known = scores.slice(-Math.max(window, Math.min(10 * window, 5000))).sort((a, b) => a - b)
    const rank = known.length < window ? 0 : Math.floor(((known.length + 1) * outside) / 2_000_000)
    const low = rank > 0 ? level + known[rank - 1]! : null
    const high = rank > 0 ? level + known[known.length - rank]! : null
    const later = prices.slice(origin + 1, Math.min(origin + stride, n - 1) + 1)
    const inside = low === null || high === null ? 0 : later.filter((p) => low <= p && p <= high).length
    fits.push({ origin, level, low, high, inside, of: rank > 0 ? later.length : 0 })
    scores.push(...later.map((p) => p - level))
    if (origin === n - 1) return fits
  }
}
