import { type EncodeTools, MalformedOutput } from '../define.ts'
import { addColumn, type SpreadTotal } from './column.ts'
import type { CsvIndex, Slice } from './file-index.ts'
import { addGroups, createGroups, type GroupTotals } from './groups.ts'
import { decodeState, isTooLarge, type TaskState } from './output.ts'
import { type CsvParams, type Layout, layoutOf, spreadOf } from './params.ts'
import { addFound, type Found, type Origin, TOO_LONG } from './places.ts'
import { type ColumnTotal, createColumn } from './summary.ts'
import { addTime, createTime, type TimeTotal } from './time.ts'

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
  readonly spread: SpreadTotal | null
  readonly groups: GroupTotals
}

function createTotal(layout: Layout, everything: boolean): Total {
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
function addTask(total: Total, state: TaskState, slice: Slice): void {
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
function addLong(total: Total, { long }: CsvIndex, from: number, end: number): number {
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

/** Adds up the outputs of all tasks, in their order. */
export async function totalFrom(
  params: CsvParams,
  outputs: AsyncIterable<Uint8Array>,
  tools: EncodeTools,
  index: CsvIndex,
  slices: readonly Slice[],
): Promise<Total> {
  const total = createTotal(layoutOf(params), params.statistics === 'all')
  let task = 0
  let long = 0
  for await (const output of outputs) {
    const slice = slices[task]
    if (!slice) throw new Error(`There are more outputs than the ${slices.length} tasks of this job.`)
    long = addLong(total, index, long, slice.start)
    const state = isTooLarge(output) ? await recomputed(tools, task) : output
    addTask(total, decodeState(state), slice)
    task++
  }
  if (task < slices.length) throw new Error(`Only ${task} outputs of ${slices.length} tasks are there.`)
  addLong(total, index, long, Number.POSITIVE_INFINITY)
  return total
}

function recomputed(tools: EncodeTools, task: number): Promise<Uint8Array> {
  if (!tools.recompute)
    throw new Error(`Task ${task} must be computed again beside its file, which cannot be done here.`)
  return tools.recompute(task)
}
