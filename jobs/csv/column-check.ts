import { checkMoment, checkPlaces, type Facts, insist } from './facts.ts'
import { checkFigures } from './figures-check.ts'
import { roleOf } from './layout.ts'
import type { CsvParams } from './params.ts'
import { NEGATIVE, OUTSIDE, UNREADABLE } from './reasons.ts'
import type { ColumnState, Moment, TaskState } from './state.ts'

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
  spread: NonNullable<TaskState['spread']>,
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
