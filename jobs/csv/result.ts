import type { EncodeTools } from '../define.ts'
import { decodeState, isTooLarge } from './codec.ts'
import type { ColumnTotal } from './column-total.ts'
import { type Slice, slicesOf } from './cut.ts'
import { ratio, totalOf } from './decimal.ts'
import type { CsvIndex } from './file-index.ts'
import type { Found } from './found.ts'
import { type Candle, type Group, groupsOf } from './group-totals.ts'
import { type Layout, volumeOf } from './layout.ts'
import { addLong, addTask, createTotal, type Total } from './merge.ts'
import { type CsvParams, layoutOf } from './params.ts'
import { reasonText } from './reasons.ts'
import type { Moment } from './state.ts'
import { distinctOf, finite, histogramOf, momentsOf, quantilesOf } from './summary.ts'
import { isoTime } from './time-pattern.ts'

// The result as README.md describes it, written piece by piece.

const text = new TextEncoder()

export async function* encodeResult(
  params: CsvParams,
  outputs: AsyncIterable<Uint8Array>,
  tools: EncodeTools,
  index: CsvIndex,
): AsyncIterable<Uint8Array> {
  yield* encodeSlices(params, outputs, tools, index, slicesOf(params, index))
}

/** For any way of cutting: every one gives the same bytes. */
export async function* encodeSlices(
  params: CsvParams,
  outputs: AsyncIterable<Uint8Array>,
  tools: EncodeTools,
  index: CsvIndex,
  slices: readonly Slice[],
): AsyncIterable<Uint8Array> {
  const total = await totalFrom(params, outputs, tools, index, slices)
  for (const piece of pieces(params, total)) yield text.encode(piece)
}

async function totalFrom(
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

function* pieces(params: CsvParams, total: Total): Generator<string> {
  const layout = layoutOf(params)
  const all = params.statistics === 'all'
  const head = {
    file: params.file,
    statistics: params.statistics,
    rows: total.rows,
    notes: notesOf(total),
    ragged: foundJson(total.ragged),
    short: total.short,
    strayQuotes: foundJson(total.quotes),
    unclosedQuote: total.unclosed,
    overlong: total.long,
    time: timeJson(total, layout, all),
  }
  yield `${JSON.stringify(head).slice(0, -1)},"columns":{`
  for (const [slot, { name }] of layout.numeric.entries()) {
    const column = columnJson(total.columns[slot]!, params)
    yield `${slot === 0 ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(column)}`
  }
  yield '}'
  if (all) yield `,"spread":${JSON.stringify(spreadJson(total))}`
  if (all && params.groupBy) yield* groupPieces(params.groupBy, total, layout)
  yield '}\n'
}

function notesOf({ rows, long, unclosed }: Total): string[] {
  const notes: string[] = []
  if (rows === 0) notes.push('The file has no rows below its first line.')
  if (long > 0) notes.push(`Records longer than 1 MiB count as rows that are invalid in every column: ${long}.`)
  if (unclosed !== null) notes.push(`A quote opens at byte ${unclosed} and is never closed.`)
  return notes
}

function foundJson({ count, places }: Found) {
  return { count, places: places.map(({ row, byte }) => ({ row, byte })) }
}

function invalidPlaces({ places }: Found) {
  return places.map(({ row, byte, reason }) => ({ row, byte, reason: reasonText(reason) }))
}

function timeJson({ time }: Total, layout: Layout, all: boolean) {
  if (!time || !layout.time) return null
  const facts = {
    column: layout.time.name,
    format: layout.time.format,
    count: time.count,
    empty: time.empty,
    invalid: time.bad.count,
    first: time.lowest === null ? null : isoTime(time.lowest),
    last: time.highest === null ? null : isoTime(time.highest),
    invalidPlaces: invalidPlaces(time.bad),
  }
  if (!all) return facts
  const [overMinute, overHour, overDay] = time.gaps
  const longest = time.longest.map(({ row, from, to }) => {
    return { row, from: isoTime(from), to: isoTime(to), seconds: ratio(to - from, 1n, 9) }
  })
  return {
    ...facts,
    outOfOrder: foundJson(time.outOfOrder),
    duplicates: time.duplicates,
    gaps: { overMinute, overHour, overDay, longest },
  }
}

function momentJson(moment: Moment | null) {
  return moment && { value: moment.value, row: moment.row, time: moment.time === null ? null : isoTime(moment.time) }
}

function extremesJson({ count, empty, bad, min, max, first, last }: ColumnTotal) {
  const time = (moment: Moment | null) => (moment?.time == null ? null : isoTime(moment.time))
  return {
    count,
    empty,
    invalid: bad.count,
    min: min?.value ?? null,
    minRow: min?.row ?? null,
    minTime: time(min),
    max: max?.value ?? null,
    maxRow: max?.row ?? null,
    maxTime: time(max),
    first: momentJson(first),
    last: momentJson(last),
  }
}

function columnJson(column: ColumnTotal, params: CsvParams) {
  const extremes = extremesJson(column)
  const places = { invalidPlaces: invalidPlaces(column.bad) }
  if (params.statistics === 'extremes') return { ...extremes, ...places }
  return { ...extremes, ...figuresJson(column), ...histogramJson(column, params), ...places }
}

function figuresJson(column: ColumnTotal) {
  return { ...momentsOf(column), distinct: distinctOf(column), quantiles: quantilesOf(column) }
}

function histogramJson(column: ColumnTotal, { histogram }: CsvParams) {
  return histogram ? { histogram: histogramOf(column, histogram) } : {}
}

function spreadJson({ spread }: Total) {
  if (!spread) return null
  const { count, min, minRow, minTime, max, maxRow, maxTime } = extremesJson(spread.column)
  const crossed = foundJson({ count: spread.crossed, places: spread.column.bad.places })
  return { count, min, minRow, minTime, max, maxRow, maxTime, ...figuresJson(spread.column), crossed }
}

function* groupPieces(by: 'hour' | 'day' | 'month', total: Total, layout: Layout): Generator<string> {
  const groups = groupsOf(total.groups)
  yield `,"groups":{"by":${JSON.stringify(by)},"omitted":${total.groups.omitted},"items":[`
  for (const [at, group] of groups.entries()) {
    const columns = layout.numeric.map(({ name }, slot) => `${JSON.stringify(name)}:${candleJson(group, slot, layout)}`)
    const from = JSON.stringify(startOf(by, group.id))
    yield `${at === 0 ? '' : ','}{"from":${from},"rows":${group.rows},"columns":{${columns.join(',')}}}`
  }
  yield ']}'
}

function candleJson({ candles }: Group, slot: number, layout: Layout): string {
  const candle = candles[slot]
  const from = volumeOf(layout, slot)
  const volume = from === null ? null : volumeJson(candles[from] ?? null)
  if (!candle) return JSON.stringify({ count: 0, open: null, high: null, low: null, close: null, volume })
  const { count, open, high, low, close } = candle
  return JSON.stringify({ count, open: open.value, high, low, close: close.value, volume })
}

function volumeJson(candle: Candle | null): number | null {
  if (!candle) return null
  const { m, scale } = totalOf(candle.volume)
  return finite(ratio(m, 1n, scale))
}

function startOf(by: 'hour' | 'day' | 'month', id: number): string {
  if (by === 'month') return new Date(Date.UTC(1970, id)).toISOString()
  return new Date(id * (by === 'hour' ? 3_600_000 : 86_400_000)).toISOString()
}
