import { MalformedOutput } from '../define.ts'
import { addColumn, type ColumnTotal, createColumn } from './column-total.ts'
import type { Slice } from './cut.ts'
import type { CsvIndex } from './file-index.ts'
import { addGroups, createGroups, type GroupTotals } from './group-totals.ts'
import { type Layout, spreadOf } from './layout.ts'
import { TOO_LONG } from './reasons.ts'
import type { TaskState } from './state.ts'
import { addFound, type Found, type Origin } from './state.ts'
import { addTime, createTime, type TimeTotal } from './time-total.ts'

/** What is known of the whole file, built by adding tasks in their order. */
export interface Total {
  rows: number
  short: number
  long: number
  unclosed: number | null
  readonly ragged: Found
  readonly quotes: Found
  readonly columns: ColumnTotal[]
  readonly time: TimeTotal | null
  readonly spread: { readonly column: ColumnTotal; crossed: number } | null
  readonly groups: GroupTotals
}

export function createTotal(layout: Layout, everything: boolean): Total {
  return {
    rows: 0,
    short: 0,
    long: 0,
    unclosed: null,
    ragged: { count: 0, places: [] },
    quotes: { count: 0, places: [] },
    columns: layout.numeric.map(() => createColumn()),
    time: layout.time ? createTime() : null,
    spread: everything && spreadOf(layout) ? { column: createColumn(), crossed: 0 } : null,
    groups: createGroups(layout.numeric.length),
  }
}

/** Adds the next task of the file. */
export function addTask(total: Total, state: TaskState, slice: Slice): void {
  if (state.rows !== slice.rows) throw new MalformedOutput(`A task counted ${state.rows} of ${slice.rows} rows.`)
  const origin: Origin = { row: total.rows, byte: slice.start }
  total.rows += state.rows
  total.short += state.short
  if (state.unclosed !== null) total.unclosed = state.unclosed + origin.byte
  addFound(total.ragged, state.ragged, state.raggedPlaces, origin)
  addFound(total.quotes, state.quotes, state.quotePlaces, origin)
  for (const [slot, column] of state.columns.entries()) addColumn(total.columns[slot]!, column, origin)
  if (total.time && state.time) addTime(total.time, state.time, origin)
  if (total.spread && state.spread) {
    addColumn(total.spread.column, state.spread, origin)
    total.spread.crossed += state.spread.crossed
  }
  addGroups(total.groups, state.groups, origin)
}

const START: Origin = { row: 0, byte: 0 }

/** Adds the records over the limit that start before `end`; no task has seen them. Answers how many are behind. */
export function addLong(total: Total, { long }: CsvIndex, from: number, end: number): number {
  let at = from
  for (; at < long.length && long[at]![0] < end; at++) {
    const place = { row: total.rows, byte: long[at]![0], reason: TOO_LONG }
    total.rows++
    total.long++
    for (const column of total.columns) {
      addFound(column.bad, 1, [place], START)
    }
    if (total.time) addFound(total.time.bad, 1, [place], START)
  }
  return at
}
