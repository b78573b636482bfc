import { checkColumn, checkSpread } from './column-check.ts'
import type { Slice } from './cut.ts'
import { checkPlaces, type Facts, insist } from './facts.ts'
import type { CsvIndex } from './file-index.ts'
import { checkGroups } from './groups-check.ts'
import { spreadOf } from './layout.ts'
import { type CsvParams, layoutOf } from './params.ts'
import type { TaskState } from './state.ts'
import { checkTime } from './time-check.ts'

// What a reader of a slice could have answered, as far as it can be told without reading it. A device that lies within these
// bounds falsifies figures, which audits find; no output that keeps to them can stop the merge or an encoder.

const MOST_EXPONENT = 400

/** Throws `MalformedOutput` where the state is not one of this slice. */
export function checkState(params: CsvParams, state: TaskState, slice: Slice, index: CsvIndex): void {
  const layout = layoutOf(params)
  const all = params.statistics === 'all'
  const bytes = slice.end - slice.start
  const { rows, columns, time, spread } = state
  insist(rows === slice.rows, `The output counts ${rows} rows; there are ${slice.rows}.`)
  insist((time !== null) === (layout.time !== null), 'The output has times where none were asked for, or none.')
  const facts: Facts = {
    rows,
    bytes,
    untimed: rows - (time?.count ?? 0),
    times: time && time.count > 0 ? { lowest: time.lowest, highest: time.highest } : null,
  }
  checkRecords(state, slice, index, facts)
  if (time) checkTime(time, facts, all)
  insist(
    columns.length === layout.numeric.length,
    `The output has ${columns.length} columns; ${layout.numeric.length} were asked for.`,
  )
  checkDecimals(state, bytes)
  for (const [slot, column] of columns.entries()) checkColumn(column, layout.numeric[slot]!.name, params, facts)
  const cells = [...columns, ...(time ? [time] : [])].reduce((sum, { count, invalid }) => sum + count + invalid, 0)
  insist(cells <= bytes, 'The output counts more cells than its slice has bytes.')
  const pair = all ? spreadOf(layout) : null
  insist((spread !== null) === (pair !== null), 'The output has a spread where none was asked for, or none.')
  if (spread && pair) checkSpread(spread, columns[pair.ask]!, columns[pair.bid]!, facts, params)
  checkGroups(state, layout, all ? (params.groupBy ?? null) : null, facts)
}

function checkRecords(state: TaskState, slice: Slice, index: CsvIndex, facts: Facts): void {
  const { rows, bytes } = facts
  const { ragged, short, quotes, unclosed } = state
  insist(ragged + short <= rows, 'The output counts more uneven rows than there are.')
  insist(quotes <= bytes, 'The output counts more quotes than its slice has bytes.')
  checkPlaces(state.raggedPlaces, { what: 'ragged rows', count: ragged, reasons: [0] }, facts)
  checkPlaces(state.quotePlaces, { what: 'stray quotes', count: quotes, reasons: [0], repeated: true }, facts)
  if (unclosed === null) return
  insist(unclosed < bytes, 'The output has a quote that is never closed outside its slice.')
  insist(slice.end === index.bytes, 'The output has a quote that is never closed, and behind it the file goes on.')
}

/** A decimal finer than an exponent makes it is written out, a digit a byte: in a column, its volumes and the spread. */
function checkDecimals({ columns, spread, groups }: TaskState, bytes: number): void {
  const scales = [
    ...[...columns, ...(spread ? [spread] : [])].flatMap(({ figures }) => figures?.sums ?? []),
    ...groups.flatMap(({ candles }) => candles.flatMap(({ volume }) => volume)),
  ]
  const written = scales.reduce((sum, { scale }) => sum + Math.max(0, Math.abs(scale) - MOST_EXPONENT), 0)
  insist(written <= 3 * bytes, 'The output has longer decimals than its slice has bytes.')
}
