import type { Completed, Format, Kind } from '../define.ts'
import type { Analysis } from './analysis.ts'
import { forecast } from './forecast/forecast.ts'
import { levels } from './levels/levels.ts'
import { type BtcParams, gallery, schema } from './params.ts'
import { predict } from './predict/predict.ts'
import { decodeSeries, HEADER_BYTES, type Series, within } from './series.ts'
import { sweep } from './sweep/sweep.ts'

export type { BtcParams } from './params.ts'

/** Each analysis meets only params that name it: the schema told them apart. */
const analyses = { sweep, predict, forecast, levels } as unknown as Record<BtcParams['analysis'], Analysis<BtcParams>>

/** Backtests, models, futures and levels of a price series; every formula is in this folder's README. */
export const btc: Kind<BtcParams, Uint8Array> = {
  id: 'btc',
  summary: 'Computes thousands of backtests, models and simulated futures of a price series.',
  schema,
  input: { use: 'shared', noun: 'series', source: ({ series }) => series, part: pricesAt, complete },
  title: (params) => analyses[params.analysis].title(params),
  split: (params, input) => analyses[params.analysis].split(params, seriesOf(params, input)),
  credit: (params, index, output, input) =>
    analyses[params.analysis].price(params, index, output, seriesOf(params, input)),
  formats: {
    result: { contentType: 'application/json', extension: 'json', encode: json },
    csv: { contentType: 'text/csv; charset=utf-8', extension: 'csv', label: 'Table as CSV', encode: table },
    raw: {
      contentType: 'application/octet-stream',
      extension: 'bin',
      label: 'Raw data',
      encode: (_, outputs) => outputs,
    },
  },
  gallery,
}

/** Nothing can be said of a price alone. */
function complete(params: BtcParams, input: Uint8Array): Completed<BtcParams> {
  if (seriesOf(params, input).prices.length >= 2) return { type: 'completed', params }
  const path = params.from !== undefined ? 'from' : params.to !== undefined ? 'to' : 'series'
  return { type: 'refused', issues: [{ path, message: 'Fewer than two prices of this series are in that time.' }] }
}

type Encode = Format<BtcParams, Uint8Array>['encode']

async function* json(...[params, outputs, , input]: Parameters<Encode>): AsyncGenerator<Uint8Array> {
  const series = seriesOf(params, input)
  const encoder = new TextEncoder()
  yield encoder.encode(`{"analysis":"${params.analysis}","used":${JSON.stringify(usedOf(series))},`)
  for await (const text of analyses[params.analysis].json(params, outputs, series)) yield encoder.encode(text)
  yield encoder.encode('}\n')
}

async function* table(...[params, outputs, , input]: Parameters<Encode>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const rows = analyses[params.analysis].csv(params, outputs, seriesOf(params, input))
  for await (const text of rows) yield encoder.encode(text)
}

/** Which points were computed with, and which rows the import had left out. */
function usedOf({ times, skipped }: Series) {
  const time = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString())
  return { points: times.length, from: time(times[0]), to: time(times[times.length - 1]), skipped }
}

/** The part of the stored series that these params ask for. */
export function seriesOf(params: BtcParams, bytes: Uint8Array): Series {
  return asked(params, decodeSeries(bytes))
}

/** Where the prices of that part stand in the stored series: all that a device needs of it. */
function pricesAt(params: BtcParams, bytes: Uint8Array): readonly [start: number, end: number] {
  const stored = decodeSeries(bytes)
  const { prices } = asked(params, stored)
  const start = HEADER_BYTES + prices.byteOffset - stored.prices.byteOffset
  return [start, start + prices.byteLength]
}

function asked({ from, to }: BtcParams, stored: Series): Series {
  const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text))
  return within(stored, time(from), time(to))
}
