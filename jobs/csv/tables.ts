import type { EncodeTools } from '../define.ts'
import { slicesOf } from './cut.ts'
import type { CsvIndex } from './file-index.ts'
import { groupsOf } from './group-totals.ts'
import { candlesOf, startOf } from './groups-json.ts'
import type { Total } from './merge.ts'
import { type CsvParams, layoutOf } from './params.ts'
import { columnJson, spreadJson } from './result.ts'
import type { ColumnResult } from './shapes.ts'
import { QUANTILES } from './summary.ts'
import { totalFrom } from './total-from.ts'

// The result as tables for spreadsheets: a row per column of the file, and a row per group.

type Cell = string | number | null
type Row = readonly Cell[]

const text = new TextEncoder()
const LINES_AT_ONCE = 500

type Encode = (
  params: CsvParams,
  outputs: AsyncIterable<Uint8Array>,
  tools: EncodeTools,
  index: CsvIndex,
) => AsyncIterable<Uint8Array>

/** Every figure of every column; Ask − Bid as one more where both are there. */
export const encodeColumns: Encode = (params, outputs, tools, index) =>
  encoded(columnRows(params), params, outputs, tools, index)

/** Open, high, low, close and volume of every group. */
export const encodeGroups: Encode = (params, outputs, tools, index) =>
  encoded(groupRows(params), params, outputs, tools, index)

async function* encoded(
  rowsOf: (total: Total) => Iterable<Row>,
  ...[params, outputs, tools, index]: Parameters<Encode>
): AsyncGenerator<Uint8Array> {
  const total = await totalFrom(params, outputs, tools, index, slicesOf(params, index))
  let lines: string[] = []
  for (const row of rowsOf(total)) {
    lines.push(`${row.map(cellText).join(',')}\n`)
    if (lines.length < LINES_AT_ONCE) continue
    yield text.encode(lines.join(''))
    lines = []
  }
  yield text.encode(lines.join(''))
}

const COUNTS = ['count', 'empty', 'invalid'] as const
const EXTREMES = ['min', 'minRow', 'minTime', 'max', 'maxRow', 'maxTime'] as const
const MOMENTS = ['first', 'last'] as const
const FIGURES = ['sum', 'mean', 'variance', 'stddev', 'distinct'] as const

function columnRows(params: CsvParams) {
  const all = params.statistics === 'all'
  return function* (total: Total): Generator<Row> {
    yield [
      ...['column', ...COUNTS, ...EXTREMES],
      ...MOMENTS.flatMap((name) => [name, `${name}Row`, `${name}Time`]),
      ...(all ? [...FIGURES, ...QUANTILES.map((share) => `quantile ${share}`)] : []),
    ]
    for (const [slot, { name }] of layoutOf(params).numeric.entries())
      yield columnRow(name, columnJson(total.columns[slot]!, params), all)
    const spread = all ? spreadJson(total) : null
    if (spread) yield columnRow('Ask - Bid', spread, all)
  }
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

function groupRows(params: CsvParams) {
  const layout = layoutOf(params)
  const fields = ['count', 'open', 'high', 'low', 'close', 'volume'] as const
  return function* (total: Total): Generator<Row> {
    yield ['from', 'rows', ...layout.numeric.flatMap(({ name }) => fields.map((field) => `${name} ${field}`))]
    if (!params.groupBy) return
    for (const group of groupsOf(total.groups)) {
      const candles = candlesOf(group, layout).flatMap((candle) => fields.map((field) => candle[field]))
      yield [startOf(params.groupBy, group), group.rows, ...candles]
    }
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
