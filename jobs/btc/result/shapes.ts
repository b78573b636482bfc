import type { Share } from '../wilson.ts'

// What a result holds, as `index.ts` and the analyses write it.

export interface Used {
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
  readonly start: number
  readonly touch: Readonly<Record<'setpoint' | 'upper' | 'lower', Share | null>>
  readonly quantiles: readonly FanPoint[]
}

export interface LevelsResult {
  readonly analysis: 'levels'
  readonly used: Used
  readonly levels: readonly { readonly from: string; readonly to: string; readonly level: number }[]
  readonly band: {
    readonly at: string
    readonly level: number
    readonly low: number | null
    readonly high: number | null
  } | null
  readonly coverage: Share & { readonly asked: number; readonly count: number }
  readonly bands: readonly {
    readonly at: string
    readonly level: number
    readonly low: number | null
    readonly high: number | null
  }[]
}

export type BtcResult = SweepResult | PredictResult | ForecastResult | LevelsResult
