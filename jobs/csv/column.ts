import type { Reader, Writer } from './bytes.ts'
import { addFigures, checkFigures, decodeFigures, encodeFigures, type Figures } from './figures.ts'
import { type CsvParams, roleOf } from './params.ts'
import {
  addFound,
  checkMoment,
  checkPlaces,
  type Facts,
  foundJson,
  insist,
  invalidPlaces,
  type Moment,
  NEGATIVE,
  type Origin,
  OUTSIDE,
  type Place,
  timeOf,
  UNREADABLE,
} from './places.ts'
import type { ColumnResult, ExtremesResult, MomentResult, SpreadResult } from './shapes.ts'
import { type ColumnTotal, figuresOf, histogramOf } from './summary.ts'
import { isoTime } from './time-pattern.ts'

// A column, and Ask − Bid as if it were one: how an output holds it, what it must keep to, how it is added up and told.

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

/** Ask − Bid, and the rows where it is negative. */
export interface SpreadState extends ColumnState {
  readonly crossed: number
}

export interface SpreadTotal {
  readonly column: ColumnTotal
  crossed: number
}

export function encodeColumn(out: Writer, column: ColumnState): void {
  for (const count of [column.count, column.empty, column.invalid]) out.whole(count)
  for (const moment of [column.min, column.max, column.first, column.last]) out.moment(moment)
  out.places(column.places)
  out.whole(column.figures ? 1 : 0)
  if (column.figures) encodeFigures(out, column.figures)
}

export function decodeColumn(input: Reader, rows: number): ColumnState {
  return {
    count: input.whole(rows),
    empty: input.whole(rows),
    invalid: input.whole(rows),
    min: input.moment(),
    max: input.moment(),
    first: input.moment(),
    last: input.moment(),
    places: input.places(),
    figures: input.whole(1) ? decodeFigures(input) : null,
  }
}

export function checkColumn(column: ColumnState, name: string, params: CsvParams, facts: Facts): void {
  const { count, empty, invalid, places, min, max } = column
  insist(count + empty + invalid === facts.rows, `The cells of column "${name}" do not add up to its rows.`)
  const { notNegative, priced } = roleOf(name)
  const price = priced ? params.price : undefined
  const reasons = [...UNREADABLE, ...(notNegative ? [NEGATIVE] : []), ...(price ? [OUTSIDE] : [])]
  checkPlaces(places, { what: `invalid cells of column "${name}"`, count: invalid, reasons }, facts)
  checkValues(column, params, facts)
  if (!min || !max) return
  const lowest = Math.max(notNegative ? 0 : -Infinity, price?.min ?? -Infinity)
  insist(min.value >= lowest && max.value <= (price?.max ?? Infinity), `Column "${name}" holds a value it may not.`)
}

/** Ask − Bid of rows that have both. */
export function checkSpread(
  spread: SpreadState,
  ask: ColumnState,
  bid: ColumnState,
  facts: Facts,
  params: CsvParams,
): void {
  const { count, empty, invalid, crossed, places, min } = spread
  const both = ask.count + bid.count - facts.rows
  insist(
    count <= Math.min(ask.count, bid.count) && count >= both,
    'The output has a spread of other rows than have both.',
  )
  insist(empty === 0 && invalid === 0, 'The output has cells of the spread, which has none.')
  insist(crossed <= count, 'The output counts more crossed rows than there are.')
  checkPlaces(places, { what: 'crossed rows', count: crossed, reasons: [0] }, facts)
  // A difference may be below zero and still too small for a double.
  insist(!min || min.value >= 0 || crossed > 0, 'The output has a spread below zero and no crossed row.')
  checkValues(spread, params, facts)
}

/** What is true of the values of a column and of the spread alike. */
function checkValues(column: ColumnState, params: CsvParams, facts: Facts): void {
  const { count, min, max, first, last, figures } = column
  const moments = [min, max, first, last].filter((moment) => moment !== null)
  for (const moment of moments) checkMoment(moment, facts)
  insist(count > 0 === (min !== null) && count > 0 === (max !== null), 'The output has extremes of no values, or none.')
  insist((figures !== null) === (params.statistics === 'all'), 'The output has other statistics than were asked for.')
  if (min && max)
    insist(
      moments.every(({ value }) => value >= min.value && value <= max.value),
      'Extremes are exceeded.',
    )
  insist(agree(moments) <= count, 'The output tells of one row in two ways, or of more values than it counts.')
  checkOrder(column, facts)
  if (figures) checkFigures(figures, column, params.histogram)
}

/** How many rows these are; infinitely many where one of them is told in two ways. */
function agree(moments: readonly Moment[]): number {
  const rows = new Map<number, Moment>()
  for (const moment of moments) {
    const known = rows.get(moment.row)
    if (known && (known.value !== moment.value || known.time !== moment.time)) return Infinity
    rows.set(moment.row, moment)
  }
  return rows.size
}

/** First and last are those by time, of the values that have one. */
function checkOrder({ count, min, max, first, last }: ColumnState, { untimed }: Facts): void {
  const wrong = 'The output has a first or last value that cannot be.'
  insist((first === null) === (last === null), wrong)
  if (!first || !last) {
    insist(count <= untimed && [min, max].every((moment) => !moment || moment.time === null), wrong)
    return
  }
  const [from, to] = [first.time, last.time]
  insist(from !== null && to !== null && from <= to, wrong)
  for (const moment of [min, max])
    if (moment && moment.time !== null) insist(moment.time >= from && moment.time <= to, wrong)
    else insist(untimed > 0, wrong)
}

/** Adds the next task. Where values are equal the earlier row stays, except for the last by time. */
export function addColumn(total: ColumnTotal, state: ColumnState, origin: Origin): void {
  total.count += state.count
  total.empty += state.empty
  addFound(total.bad, state.invalid, state.places, origin)
  const moved = (moment: Moment): Moment => ({ ...moment, row: moment.row + origin.row })
  const { min, max, first, last } = state
  if (min && (!total.min || min.value < total.min.value)) total.min = moved(min)
  if (max && (!total.max || max.value > total.max.value)) total.max = moved(max)
  if (first && (!total.first || timeOf(first) < timeOf(total.first))) total.first = moved(first)
  if (last && (!total.last || timeOf(last) >= timeOf(total.last))) total.last = moved(last)
  if (state.figures) addFigures(total, state.figures)
}

function momentJson(moment: Moment | null): MomentResult | null {
  return moment && { value: moment.value, row: moment.row, time: moment.time === null ? null : isoTime(moment.time) }
}

function extremesJson({ count, min, max }: ColumnTotal): ExtremesResult {
  const time = (moment: Moment | null) => (moment?.time == null ? null : isoTime(moment.time))
  return {
    count,
    min: min?.value ?? null,
    minRow: min?.row ?? null,
    minTime: time(min),
    max: max?.value ?? null,
    maxRow: max?.row ?? null,
    maxTime: time(max),
  }
}

export function columnJson(column: ColumnTotal, params: CsvParams): ColumnResult {
  const { count, ...extremes } = extremesJson(column)
  const { empty, bad, first, last } = column
  const always = {
    count,
    empty,
    invalid: bad.count,
    ...extremes,
    first: momentJson(first),
    last: momentJson(last),
  }
  const places = { invalidPlaces: invalidPlaces(bad) }
  if (params.statistics === 'extremes') return { ...always, ...places }
  const histogram = params.histogram ? { histogram: histogramOf(column, params.histogram) } : {}
  return { ...always, ...figuresOf(column), ...histogram, ...places }
}

export function spreadJson({ column, crossed }: SpreadTotal): SpreadResult {
  const places = { count: crossed, places: column.bad.places }
  return { ...extremesJson(column), ...figuresOf(column), crossed: foundJson(places) }
}
