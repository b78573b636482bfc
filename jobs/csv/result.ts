import type { EncodeTools } from '../define.ts'
import { columnJson, spreadJson } from './column.ts'
import { type CsvIndex, type Slice, slicesOf } from './file-index.ts'
import { candlesOf, groupPieces, groupsOf, startOf } from './groups.ts'
import { type CsvParams, layoutOf } from './params.ts'
import { foundJson } from './places.ts'
import type { ColumnResult, CsvResult } from './shapes.ts'
import { QUANTILES } from './summary.ts'
import { timeJson } from './time.ts'
import { type Total, totalFrom } from './total.ts'

const text = new TextEncoder()
const CHUNK_LENGTH = 64 * 1024

/** `slices`: for tests, as any way of cutting gives the same bytes. */
function encoder(piecesOf: (params: CsvParams, total: Total) => Iterable<string>) {
  return async function* encode(
    params: CsvParams,
    outputs: AsyncIterable<Uint8Array>,
    tools: EncodeTools,
    index: CsvIndex,
    slices: readonly Slice[] = slicesOf(params, index),
  ): AsyncGenerator<Uint8Array> {
    const total = await totalFrom(params, outputs, tools, index, slices)
    // Pieces may be small and a hundred thousand; each chunk is a message between threads.
    let held = ''
    for (const piece of piecesOf(params, total)) {
      held += piece
      if (held.length < CHUNK_LENGTH) continue
      yield text.encode(held)
      held = ''
    }
    yield text.encode(held)
  }
}

/** The result as README.md describes it. */
export const encodeResult = encoder(resultPieces)

/** A table for spreadsheets: every figure of every column; Ask − Bid as one more where both are there. */
export const encodeColumns = encoder((params, total) => lines(columnRows(params, total)))

/** A table for spreadsheets: open, high, low, close and volume of every group. */
export const encodeGroups = encoder((params, total) => lines(groupRows(params, total)))

function* resultPieces(params: CsvParams, total: Total): Generator<string> {
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
    time: total.time && layout.time && timeJson(total.time, layout.time, all),
  }
  yield `${JSON.stringify(head).slice(0, -1)},"columns":{`
  for (const [slot, { name }] of layout.numeric.entries()) {
    const column = columnJson(total.columns[slot]!, params)
    yield `${slot === 0 ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(column)}`
  }
  yield '}'
  if (all) yield `,"spread":${JSON.stringify(total.spread && spreadJson(total.spread))}`
  if (all && params.groupBy) yield* groupPieces(params.groupBy, total.groups, layout)
  yield '}\n'
}

function notesOf({ rows, long, unclosed }: Total): string[] {
  const notes: string[] = []
  if (rows === 0) notes.push('The file has no rows below its first line.')
  if (long > 0) notes.push(`Records longer than 1 MiB count as rows that are invalid in every column: ${long}.`)
  if (unclosed !== null) notes.push(`A quote opens at byte ${unclosed} and is never closed.`)
  return notes
}

type Cell = string | number | null
type Row = readonly Cell[]

function* lines(rows: Iterable<Row>): Generator<string> {
  for (const row of rows) yield `${row.map(cellText).join(',')}\n`
}

const COUNTS = ['count', 'empty', 'invalid'] as const
const EXTREMES = ['min', 'minRow', 'minTime', 'max', 'maxRow', 'maxTime'] as const
const MOMENTS = ['first', 'last'] as const
const FIGURES = ['sum', 'mean', 'variance', 'stddev', 'distinct'] as const

function* columnRows(params: CsvParams, total: Total): Generator<Row> {
  const all = params.statistics === 'all'
  yield [
    ...['column', ...COUNTS, ...EXTREMES],
    ...MOMENTS.flatMap((name) => [name, `${name}Row`, `${name}Time`]),
    ...(all ? [...FIGURES, ...QUANTILES.map((share) => `quantile ${share}`)] : []),
  ]
  for (const [slot, { name }] of layoutOf(params).numeric.entries())
    yield columnRow(name, columnJson(total.columns[slot]!, params), all)
  if (total.spread) yield columnRow('Ask - Bid', spreadJson(total.spread), all)
}

function columnRow(name: string, figures: Partial<ColumnResult>, all: boolean): Row {
  return [
    name,
    ...[...COUNTS, ...EXTREMES].map((field) => figures[field] ?? null),
    ...MOMENTS.flatMap((field) => {
      const moment = figures[field]
      return [moment?.value ?? null, moment?.row ?? null, moment?.time ?? null]
    }),
    ...(all
      ? [
          ...FIGURES.map((field) => figures[field] ?? null),
          ...QUANTILES.map((share) => figures.quantiles?.[String(share)] ?? null),
        ]
      : []),
  ]
}

const CANDLE = ['count', 'open', 'high', 'low', 'close', 'volume'] as const

function* groupRows(params: CsvParams, total: Total): Generator<Row> {
  const layout = layoutOf(params)
  yield ['from', 'rows', ...layout.numeric.flatMap(({ name }) => CANDLE.map((field) => `${name} ${field}`))]
  if (!params.groupBy) return
  for (const group of groupsOf(total.groups)) {
    const candles = candlesOf(group, layout).flatMap((candle) => CANDLE.map((field) => candle[field]))
    yield [startOf(params.groupBy, group), group.rows, ...candles]
  }
}

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
const NEEDS_QUOTES = /[",\r\n]|^[ \t]|[ \t]$/

/** Names come from whoever made the file: one that a spreadsheet would compute is kept a text by an apostrophe. */
function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = FORMULA.test(cell) ? `'${cell}` : cell
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
