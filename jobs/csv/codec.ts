import { MalformedOutput } from '../define.ts'
import { createReader, createWriter, type Reader, type Writer } from './bytes.ts'
import { decodeFigures, encodeFigures } from './figures-codec.ts'
import { decodeGroups, encodeGroups } from './groups-codec.ts'
import { decodeMoment, decodePlaces, encodeMoment, encodePlaces, most32 } from './places-codec.ts'
import { type ColumnState, MOST_GAPS, type TaskState, type TimeState } from './state.ts'

// A task's state as bytes: what an output is. The first byte says which of the two forms it has.

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
  encodePlaces(out, state.raggedPlaces)
  encodePlaces(out, state.quotePlaces)
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
  const rows = input.whole(most32)
  const [ragged, short, quotes] = [input.whole(rows), input.whole(rows), input.whole(most32)]
  const unclosed = input.whole(most32)
  const state = {
    rows,
    ragged,
    short,
    quotes,
    unclosed: unclosed === 0 ? null : unclosed - 1,
    raggedPlaces: decodePlaces(input),
    quotePlaces: decodePlaces(input),
    columns: input.list(256, () => decodeColumn(input, rows)),
    time: input.whole(1) ? decodeTime(input) : null,
    spread: input.whole(1) ? { ...decodeColumn(input, rows), crossed: input.whole(rows) } : null,
    groups: decodeGroups(input),
  }
  input.end()
  return state
}

function encodeColumn(out: Writer, column: ColumnState): void {
  for (const count of [column.count, column.empty, column.invalid]) out.whole(count)
  for (const moment of [column.min, column.max, column.first, column.last]) encodeMoment(out, moment)
  encodePlaces(out, column.places)
  out.whole(column.figures ? 1 : 0)
  if (column.figures) encodeFigures(out, column.figures)
}

function decodeColumn(input: Reader, rows: number): ColumnState {
  return {
    count: input.whole(rows),
    empty: input.whole(rows),
    invalid: input.whole(rows),
    min: decodeMoment(input),
    max: decodeMoment(input),
    first: decodeMoment(input),
    last: decodeMoment(input),
    places: decodePlaces(input),
    figures: input.whole(1) ? decodeFigures(input) : null,
  }
}

function encodeTime(out: Writer, time: TimeState): void {
  for (const count of [time.count, time.empty, time.invalid, time.outOfOrder, time.duplicates, ...time.gaps])
    out.whole(count)
  for (const moment of [time.lowest, time.highest, time.first.time, time.last.time]) out.big(moment)
  out.whole(time.first.row)
  out.whole(time.first.byte)
  out.whole(time.last.row)
  out.whole(time.longest.length)
  for (const gap of time.longest) {
    out.whole(gap.row)
    out.big(gap.from)
    out.big(gap.to)
  }
  encodePlaces(out, time.places)
  encodePlaces(out, time.orderPlaces)
}

function decodeTime(input: Reader): TimeState {
  const whole = () => input.whole(most32)
  const [count, empty, invalid, outOfOrder, duplicates] = [whole(), whole(), whole(), whole(), whole()]
  const gaps = [whole(), whole(), whole()] as const
  const [lowest, highest, firstTime, lastTime] = [input.big(), input.big(), input.big(), input.big()]
  return {
    count,
    empty,
    invalid,
    outOfOrder,
    duplicates,
    gaps,
    lowest,
    highest,
    first: { time: firstTime, row: whole(), byte: whole() },
    last: { time: lastTime, row: whole() },
    longest: input.list(MOST_GAPS, () => ({ row: whole(), from: input.big(), to: input.big() })),
    places: decodePlaces(input),
    orderPlaces: decodePlaces(input),
  }
}
