// What a result holds, as README.md says it and `result.ts` writes it. What has no value is null.

/** Where something was found: a data row from 0, a byte of the stored file. */
export interface FoundAt {
  readonly row: number
  readonly byte: number
}

/** Of how many; the first hundred with their places. */
export interface Finding {
  readonly count: number
  readonly places: readonly FoundAt[]
}

export interface InvalidAt extends FoundAt {
  readonly reason: string
}

export interface MomentResult {
  readonly value: number
  readonly row: number
  /** ISO 8601 UTC. */
  readonly time: string | null
}

export interface ExtremesResult {
  readonly count: number
  readonly min: number | null
  readonly minRow: number | null
  readonly minTime: string | null
  readonly max: number | null
  readonly maxRow: number | null
  readonly maxTime: string | null
}

export interface FiguresResult {
  readonly sum: number | null
  readonly mean: number | null
  readonly variance: number | null
  readonly stddev: number | null
  readonly distinct: number
  /** By the share of values that are not above: "0.001" … "0.999". */
  readonly quantiles: Readonly<Record<string, number>> | null
}

export interface HistogramResult {
  readonly min: number
  readonly max: number
  readonly bins: readonly number[]
  readonly below: number
  readonly above: number
  /** False where an edge was not given: then whole quantile buckets were put into the bin of their middle. */
  readonly exact: boolean
}

/** The figures are there with statistics "all". */
export interface ColumnResult extends ExtremesResult, Partial<FiguresResult> {
  readonly empty: number
  readonly invalid: number
  readonly first: MomentResult | null
  readonly last: MomentResult | null
  readonly histogram?: HistogramResult | null
  readonly invalidPlaces: readonly InvalidAt[]
}

export interface GapResult {
  readonly row: number
  readonly from: string
  readonly to: string
  readonly seconds: number
}

export interface GapsResult {
  readonly overMinute: number
  readonly overHour: number
  readonly overDay: number
  readonly longest: readonly GapResult[]
}

export interface TimeResult {
  readonly column: string
  readonly format: string
  readonly count: number
  readonly empty: number
  readonly invalid: number
  readonly first: string | null
  readonly last: string | null
  readonly invalidPlaces: readonly InvalidAt[]
  readonly outOfOrder?: Finding
  readonly duplicates?: number
  readonly gaps?: GapsResult
}

export interface SpreadResult extends ExtremesResult, FiguresResult {
  readonly crossed: Finding
}

export interface CandleResult {
  readonly count: number
  readonly open: number | null
  readonly high: number | null
  readonly low: number | null
  readonly close: number | null
  readonly volume: number | null
}

export interface GroupResult {
  readonly from: string
  readonly rows: number
  readonly columns: Readonly<Record<string, CandleResult>>
}

export type Period = 'hour' | 'day' | 'month'

export interface GroupsResult {
  readonly by: Period
  readonly omitted: boolean
  readonly items: readonly GroupResult[]
}

export interface CsvResult {
  readonly file: string
  readonly statistics: 'extremes' | 'all'
  readonly rows: number
  readonly notes: readonly string[]
  readonly ragged: Finding
  readonly short: number
  readonly strayQuotes: Finding
  readonly unclosedQuote: number | null
  readonly overlong: number
  readonly time: TimeResult | null
  readonly columns: Readonly<Record<string, ColumnResult>>
  readonly spread?: SpreadResult | null
  readonly groups?: GroupsResult
}
