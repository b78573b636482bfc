// What a task knows of its rows: the meaning of an output. Rows count from the task's first, bytes from its slice's
// start; times are nanoseconds since 1970 UTC.

export type Time = bigint

export interface Place {
  readonly row: number
  readonly byte: number
  readonly reason: number
}

/** A value with the row it stands in and that row's time, if it has one. */
export interface Moment {
  readonly value: number
  readonly row: number
  readonly time: Time | null
}

/** Σm and Σm² over the values written as m × 10^−scale. */
export interface Sum {
  readonly scale: number
  readonly sum: bigint
  readonly squares: bigint
}

/** Only with statistics "all". */
export interface Figures {
  /** Ascending scales. */
  readonly sums: readonly Sum[]
  /** HyperLogLog, 4096 registers. */
  readonly registers: Uint8Array
  /** Sign, exponent and top 7 mantissa bits of the double as one number; ascending. */
  readonly buckets: readonly (readonly [bucket: number, count: number])[]
  /** Where both edges are given. */
  readonly histogram: { readonly below: number; readonly above: number; readonly bins: readonly number[] } | null
}

export interface ColumnState {
  readonly count: number
  readonly empty: number
  readonly invalid: number
  readonly min: Moment | null
  readonly max: Moment | null
  readonly first: Moment | null
  readonly last: Moment | null
  readonly places: readonly Place[]
  readonly figures: Figures | null
}

export interface Gap {
  readonly row: number
  readonly from: Time
  readonly to: Time
}

export interface TimeState {
  readonly count: number
  readonly empty: number
  readonly invalid: number
  readonly lowest: Time
  readonly highest: Time
  /** In the order of rows; with "all". */
  readonly first: { readonly time: Time; readonly row: number; readonly byte: number }
  readonly last: { readonly time: Time; readonly row: number }
  readonly outOfOrder: number
  readonly duplicates: number
  /** Gaps longer than a minute, an hour, a day. */
  readonly gaps: readonly [number, number, number]
  /** At most ten, longest first, earlier rows first among equals. */
  readonly longest: readonly Gap[]
  readonly places: readonly Place[]
  readonly orderPlaces: readonly Place[]
}

export interface CandleState {
  readonly slot: number
  readonly count: number
  readonly open: Moment
  readonly close: Moment
  readonly high: number
  readonly low: number
  /** Exact sum of a volume column, by ascending scale; empty for others. */
  readonly volume: readonly { readonly scale: number; readonly sum: bigint }[]
}

export interface GroupState {
  /** Hours, days or months since 1970. */
  readonly id: number
  readonly rows: number
  readonly candles: readonly CandleState[]
}

export interface TaskState {
  readonly rows: number
  readonly ragged: number
  readonly short: number
  readonly quotes: number
  /** Where a quote opens that the file never closes. */
  readonly unclosed: number | null
  readonly raggedPlaces: readonly Place[]
  readonly quotePlaces: readonly Place[]
  readonly columns: readonly ColumnState[]
  readonly time: TimeState | null
  /** Ask − Bid as if it were a column, and the rows where it is negative. */
  readonly spread: (ColumnState & { readonly crossed: number }) | null
  readonly groups: readonly GroupState[]
}

export const REGISTERS = 4096
/** Of the 64 bits of a hash twelve choose the register. */
export const MOST_RANK = 53
export const MOST_PLACES = 100
export const MOST_GAPS = 10

/** Places with a count of all there are. */
export interface Found {
  count: number
  /** The first hundred; rows and bytes of the file. */
  readonly places: Place[]
}

/** Where a task's rows and bytes begin in the file. */
export interface Origin {
  readonly row: number
  readonly byte: number
}

export function addFound(found: Found, count: number, places: readonly Place[], origin: Origin): void {
  found.count += count
  for (const place of places.slice(0, MOST_PLACES - found.places.length))
    found.places.push({ row: place.row + origin.row, byte: place.byte + origin.byte, reason: place.reason })
}
