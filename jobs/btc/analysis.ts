import type { Series } from './series.ts'

/** What one analysis tells the kind: how it is cut, paid and put together. */
export interface Analysis<Params> {
  title(params: Params): string
  split(params: Params, series: Series): number
  /** Throws MalformedOutput for bytes this task cannot have given. */
  price(params: Params, index: number, output: Uint8Array, series: Series): number
  /** The result as pieces of JSON, without the fields every result has. */
  json(params: Params, outputs: AsyncIterable<Uint8Array>, series: Series): AsyncIterable<string>
  /** The same as a table, header first. */
  csv(params: Params, outputs: AsyncIterable<Uint8Array>, series: Series): AsyncIterable<string>
}

// What a result holds, as `index.ts` and the analyses write it.

interface Used {
  readonly points: number
  readonly from: string | null
  readonly to: string | null
  readonly skipped: Readonly<Record<string, number>>
}

export interface Cell {
  readonly window: number
  readonly tolerance: number
  readonly hold: number
  readonly return: number
  readonly maxDrawdown: number
  readonly changes: number
  readonly exposure: number | null
}

export interface SweepResult {
  readonly analysis: 'sweep'
  readonly used: Used
  readonly grid: readonly Cell[]
  readonly buyAndHold: number
  readonly walkForward?: {
    readonly best: { readonly window: number; readonly tolerance: number; readonly hold: number }
    readonly train: number
    readonly test: number
  }
}

export interface PredictResult {
  readonly analysis: 'predict'
  readonly used: Used
  readonly models: readonly {
    readonly window: number
    readonly horizon: number
    readonly count: number
    readonly mae: number | null
    readonly rmse: number | null
    readonly bias: number | null
    readonly better: Share
  }[]
  readonly twoMinutes: { readonly horizon: number | null }
}

export interface FanPoint {
  readonly step: number
  readonly p05: number
  readonly p25: number
  readonly p50: number
  readonly p75: number
  readonly p95: number
}

export interface ForecastResult {
  readonly analysis: 'forecast'
  readonly used: Used
  readonly start: number | null
  readonly step: { readonly mean: number; readonly deviation: number }
  readonly touch: Readonly<Record<'setpoint' | 'upper' | 'lower', Share | null>>
  readonly quantiles: readonly FanPoint[]
}

export interface LevelsResult {
  readonly analysis: 'levels'
  readonly used: Used
  readonly levels: readonly { readonly from: string; readonly to: string; readonly level: number }[]
  /** The newest of `bands`. */
  readonly band: Band | null
  readonly coverage: Share & { readonly asked: number; readonly count: number }
  readonly meanWidth: number | null
  readonly bands: readonly Band[]
}

/** What a fit foretold for the prices after `at`, in USD; `inside` of `of` such prices lay in it. */
export interface Band {
  readonly at: string
  readonly level: number
  readonly low: number | null
  readonly high: number | null
  readonly inside: number
  readonly of: number
}

export type BtcResult = SweepResult | PredictResult | ForecastResult | LevelsResult

/** The normal value with 2.5 % of the distribution beyond it. */
const Z = 1.959964

/** A share with its 95 % interval. */
export interface Share {
  readonly share: number | null
  readonly low: number | null
  readonly high: number | null
}

/** `hits` of `count` with Wilson's score interval (1927); null without any. */
export function wilson(hits: number, count: number): Share {
  if (count === 0) return { share: null, low: null, high: null }
  const share = hits / count
  const z2 = Z * Z
  const scale = 1 + z2 / count
  const centre = (share + z2 / (2 * count)) / scale
  const half = (Z * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count))) / scale
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}
