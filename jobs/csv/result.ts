import type { EncodeTools } from '../define.ts'
import type { ColumnTotal } from './column-total.ts'
import { type Slice, slicesOf } from './cut.ts'
import { ratio } from './decimal.ts'
import type { CsvIndex } from './file-index.ts'
import { groupPieces } from './groups-json.ts'
import type { Layout } from './layout.ts'
import type { Total } from './merge.ts'
import { type CsvParams, layoutOf } from './params.ts'
import { reasonText } from './reasons.ts'
import type {
  ColumnResult,
  CsvResult,
  ExtremesResult,
  FiguresResult,
  Finding,
  InvalidAt,
  MomentResult,
  SpreadResult,
  TimeResult,
} from './shapes.ts'
import type { Found, Moment } from './state.ts'
import { distinctOf, histogramOf, momentsOf, quantilesOf } from './summary.ts'
import { isoTime } from './time-pattern.ts'
import { totalFrom } from './total-from.ts'

// The result as README.md describes it, written piece by piece.

const text = new TextEncoder()
const CHUNK_LENGTH = 64 * 1024

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
  // Pieces may be small and a hundred thousand; each chunk is a message between threads.
  let held = ''
  for (const piece of pieces(params, total)) {
    held += piece
    if (held.length < CHUNK_LENGTH) continue
    yield text.encode(held)
    held = ''
  }
  yield text.encode(held)
}

function* pieces(params: CsvParams, total: Total): Generator<string> {
  const layout = layoutOf(params)
  const all = params.statistics === 'all'
  const head: Omit<CsvResult, 'columns' | 'spread' | 'groups'> = {
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

function foundJson({ count, places }: Found): Finding {
  return { count, places: places.map(({ row, byte }) => ({ row, byte })) }
}

function invalidPlaces({ places }: Found): InvalidAt[] {
  return places.map(({ row, byte, reason }) => ({ row, byte, reason: reasonText(reason) }))
}

function timeJson({ time }: Total, layout: Layout, all: boolean): TimeResult | null {
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
    ...{ count, empty, invalid: bad.count },
    ...extremes,
    ...{ first: momentJson(first), last: momentJson(last) },
  }
  const places = { invalidPlaces: invalidPlaces(bad) }
  if (params.statistics === 'extremes') return { ...always, ...places }
  return { ...always, ...figuresJson(column), ...histogramJson(column, params), ...places }
}

function figuresJson(column: ColumnTotal): FiguresResult {
  return { ...momentsOf(column), distinct: distinctOf(column), quantiles: quantilesOf(column) }
}

function histogramJson(column: ColumnTotal, { histogram }: CsvParams) {
  return histogram ? { histogram: histogramOf(column, histogram) } : {}
}

export function spreadJson({ spread }: Total): SpreadResult | null {
  if (!spread) return null
  const crossed = foundJson({ count: spread.crossed, places: spread.column.bad.places })
  return { ...extremesJson(spread.column), ...figuresJson(spread.column), crossed }
}
