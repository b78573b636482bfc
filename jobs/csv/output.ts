import { MalformedOutput } from '../define.ts'
import { createReader, createWriter } from './bytes.ts'
import { type ColumnState, checkColumn, checkSpread, decodeColumn, encodeColumn, type SpreadState } from './column.ts'
import type { CsvIndex, Slice } from './file-index.ts'
import { checkGroups, decodeGroups, encodeGroups, type GroupState } from './groups.ts'
import { type CsvParams, layoutOf, spreadOf } from './params.ts'
import { checkPlaces, type Facts, insist, type Place } from './places.ts'
import { checkTime, decodeTime, encodeTime, type TimeState } from './time.ts'

// What a task knows of its rows, and that as bytes: an output. The first byte says which of the two forms it has.

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
  readonly spread: SpreadState | null
  readonly groups: readonly GroupState[]
}

const STATE = 1
/** The state did not fit into an output; the coordinator reads these records itself. */
const TOO_LARGE = 2

export const TOO_LARGE_OUTPUT = new Uint8Array([TOO_LARGE])

export function isTooLarge(output: Uint8Array): boolean {
  return output.length === 1 && output[0] === TOO_LARGE
}

export function encodeState(state: TaskState): Uint8Array {
  const out = createWriter()
  out.whole(STATE)
  for (const count of [state.rows, state.ragged, state.short, state.quotes]) out.whole(count)
  out.whole(state.unclosed === null ? 0 : state.unclosed + 1)
  out.places(state.raggedPlaces)
  out.places(state.quotePlaces)
  out.whole(state.columns.length)
  for (const column of state.columns) encodeColumn(out, column)
  out.whole(state.time ? 1 : 0)
  if (state.time) encodeTime(out, state.time)
  out.whole(state.spread ? 1 : 0)
  if (state.spread) {
    encodeColumn(out, state.spread)
    out.whole(state.spread.crossed)
  }
  encodeGroups(out, state.groups)
  return out.finish()
}

export function decodeState(output: Uint8Array): TaskState {
  const input = createReader(output)
  if (input.whole() !== STATE) throw new MalformedOutput('The output is of no known form.')
  const rows = input.u32()
  const [ragged, short, quotes] = [input.whole(rows), input.whole(rows), input.u32()]
  const unclosed = input.u32()
  const state = {
    rows,
    ragged,
    short,
    quotes,
    unclosed: unclosed === 0 ? null : unclosed - 1,
    raggedPlaces: input.places(),
    quotePlaces: input.places(),
    columns: input.list(256, () => decodeColumn(input, rows)),
    time: input.whole(1) ? decodeTime(input) : null,
    spread: input.whole(1) ? { ...decodeColumn(input, rows), crossed: input.whole(rows) } : null,
    groups: decodeGroups(input),
  }
  input.end()
  return state
}

// What a reader of a slice could have answered, as far as it can be told without reading it. A device that lies within these
// bounds falsifies figures, which audits find; no output that keeps to them can stop the merge or an encoder.

const MOST_EXPONENT = 400

/** Throws `MalformedOutput` where the state is not one of this slice. */
export function checkState(params: CsvParams, state: TaskState, slice: Slice, index: CsvIndex): void {
  const layout = layoutOf(params)
  const all = params.statistics === 'all'
  const bytes = slice.end - slice.start
  const { rows, columns, time, spread, groups } = state
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
  checkGroups(groups, columns, layout, all ? (params.groupBy ?? null) : null, facts)
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
