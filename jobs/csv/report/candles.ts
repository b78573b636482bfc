import type { GroupsResult, Period } from '../shapes.ts'

// Candles of one column, and fewer of them where there is no room for all.

/** Times are seconds since 1970. */
export interface Candle {
  readonly from: number
  /** The moment after it. */
  readonly to: number
  readonly count: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** Null where the file has no volume for it. */
  readonly volume: number | null
}

/** Those that have a value, in order of time. */
export function candlesOf({ by, items }: GroupsResult, column: string): readonly Candle[] {
  return items.flatMap(({ from, columns }): Candle[] => {
    const { count, open, high, low, close, volume } = columns[column] ?? {}
    if (!count || open == null || high == null || low == null || close == null) return []
    const start = Date.parse(from) / 1000
    return [
      { from: start, to: timeOf(by, unitOf(by, start) + 1), count, open, high, low, close, volume: volume ?? null },
    ]
  })
}

const HOUR = 3600
const DAY = 24 * HOUR
/** Monday, 5 January 1970: weeks begin there. */
const MONDAY = 4

/** So many units make one candle: steps people think in. */
const STEPS: Readonly<Record<Period, readonly number[]>> = {
  hour: [1, 2, 3, 4, 6, 8, 12, 24, 48, 168, 336, 672, 1344, 2688, 5376, 10_752],
  day: [1, 2, 7, 14, 28, 56, 112, 224, 448, 896],
  month: [1, 3, 6, 12, 24, 60, 120],
}

/** Units since 1970. */
function unitOf(by: Period, seconds: number): number {
  if (by !== 'month') return Math.floor(seconds / (by === 'hour' ? HOUR : DAY))
  const date = new Date(seconds * 1000)
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
}

function timeOf(by: Period, unit: number): number {
  if (by === 'month') return Date.UTC(1970, unit) / 1000
  return unit * (by === 'hour' ? HOUR : DAY)
}

/** Whole weeks begin on a Monday. */
function shiftOf(by: Period, step: number): number {
  if (by === 'hour') return step % 168 === 0 ? MONDAY * 24 : 0
  return by === 'day' && step % 7 === 0 ? MONDAY : 0
}

/** The smallest step of which at most `most` lie between two times; the largest there is where none is large enough. */
export function stepFor(by: Period, from: number, to: number, most: number): number {
  const units = unitOf(by, to) - unitOf(by, from)
  const steps = STEPS[by]
  return steps.find((step) => units / step <= most) ?? steps[steps.length - 1]!
}

/** Neighbours as one: the first open, the last close, the extremes, all volume. */
export function merged(by: Period, candles: readonly Candle[], step: number): readonly Candle[] {
  if (step === 1) return candles
  const shift = shiftOf(by, step)
  const all = new Map<number, Candle>()
  for (const candle of candles) {
    const place = Math.floor((unitOf(by, candle.from) - shift) / step)
    const known = all.get(place)
    const [from, to] = [timeOf(by, place * step + shift), timeOf(by, (place + 1) * step + shift)]
    all.set(place, known ? joined(known, candle) : { ...candle, from, to })
  }
  return [...all.values()]
}

function joined(a: Candle, b: Candle): Candle {
  return {
    ...a,
    count: a.count + b.count,
    high: Math.max(a.high, b.high),
    low: Math.min(a.low, b.low),
    close: b.close,
    volume: a.volume === null && b.volume === null ? null : (a.volume ?? 0) + (b.volume ?? 0),
  }
}

const LARGER: Readonly<Record<Period, readonly (readonly [size: number, name: string])[]>> = {
  hour: [
    [168, 'week'],
    [24, 'day'],
  ],
  day: [[7, 'week']],
  month: [[12, 'year']],
}

/** "1 hour", "4 hours", "1 week", "1 year". */
export function stepWords(by: Period, step: number): string {
  const [size, name] = LARGER[by].find(([size]) => step % size === 0) ?? [1, by]
  return `${step / size} ${name}${step === size ? '' : 's'}`
}

/** The part of time that is looked at, in seconds since 1970. */
export type Window = readonly [from: number, to: number]

/** So far aside, as a share of what is seen, within all there is. */
export function moved([from, to]: Window, share: number, [first, last]: Window): Window {
  const length = to - from
  const start = Math.min(Math.max(first, from + length * share), last - length)
  return [start, start + length]
}

/** So much of it, around a moment; null where that is everything. */
export function zoomed(
  [from, to]: Window,
  factor: number,
  around: number,
  whole: Window,
  least: number,
): Window | null {
  const all = whole[1] - whole[0]
  const length = Math.max((to - from) * factor, least)
  if (length >= all) return null
  return moved([around - length / 2, around + length / 2], 0, whole)
}
