// A slow reader of CSV written straight from the task's words, one byte at a time, with no word of jobs/csv in it. It
// holds everything in memory and uses fractions of big integers wherever an exact figure is asked for.

import { type Exact, exact, minus, plus, rounded, times, toDouble, ZERO } from './oracle-exact.ts'
import { type Row, read } from './oracle-records.ts'

export interface OracleParams {
  delimiter: string
  header: boolean
  decimal: '.' | ','
  statistics: 'extremes' | 'all'
  columns?: string[]
  time: { name: string; parse(text: string): bigint | null } | null
  price?: { min?: number; max?: number }
  histogram?: { bins: number; min: number; max: number }
  groupBy?: 'hour' | 'day' | 'month'
}

function judge(text: string, name: string, params: OracleParams): { reason: string } | { value: number; text: string } {
  if (params.decimal === ',' && text.includes('.')) return { reason: 'not a number' }
  const point = params.decimal === ',' ? text.replace(',', '.') : text
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(point)) return { reason: 'not a number' }
  const exponent = /[eE]([+-]?\d+)$/.exec(point)?.[1]
  if (exponent !== undefined && Math.abs(Number(exponent)) > 400) return { reason: 'exponent beyond 400' }
  const value = Number(point)
  if (!Number.isFinite(value)) return { reason: 'too large for a double' }
  if (['Ask', 'Bid', 'AskVolume', 'BidVolume'].includes(name) && value < 0) return { reason: 'below zero' }
  const { price } = params
  if (price && name !== 'AskVolume' && name !== 'BidVolume')
    if (value < (price.min ?? -Infinity) || value > (price.max ?? Infinity))
      return { reason: 'outside the price range' }
  return { value: value + 0, text: point }
}

function iso(time: bigint): string {
  const seconds = time >= 0n ? time / 1_000_000_000n : -((-time + 999_999_999n) / 1_000_000_000n)
  const fraction = String(time - seconds * 1_000_000_000n).padStart(9, '0')
  const digits = fraction.endsWith('000000') ? 3 : fraction.endsWith('000') ? 6 : 9
  return new Date(Number(seconds) * 1000).toISOString().replace(/\.000Z$/, `.${fraction.slice(0, digits)}Z`)
}

function groupOf(time: bigint, by: 'hour' | 'day' | 'month'): string {
  const date = new Date(iso(time))
  if (by !== 'hour') date.setUTCHours(0)
  if (by === 'month') date.setUTCDate(1)
  date.setUTCMinutes(0, 0, 0)
  return date.toISOString()
}

interface Valid {
  row: number
  byte: number
  value: number
  exact: Exact
  time: bigint | null
}

export function oracle(bytes: Uint8Array, params: OracleParams) {
  const { rows: records, strays } = read(bytes, params.delimiter)
  const first = records.findIndex(({ blank }) => !blank)
  const names: string[] = []
  for (const [at, { text }] of records[first]!.fields.entries()) {
    const name = params.header ? Buffer.from(text, 'latin1').toString('utf8') || String(at + 1) : String(at + 1)
    let unique = name
    for (let count = 2; names.includes(unique); count++) unique = `${name}#${count}`
    names.push(unique)
  }
  const kept = records
    .map((record, number) => ({ ...record, number }))
    .filter(({ blank, number }) => (params.header ? number > first : true) && (!blank || names.length === 1))
  const rowOf = new Map(kept.map(({ number }, row) => [number, row]))
  const timeAt = params.time ? names.indexOf(params.time.name) : -1
  const cellTimes = kept.map(({ fields, overlong }) => {
    const text = overlong ? undefined : fields[timeAt]?.text
    return text ? params.time!.parse(text) : null
  })
  const wanted = names.filter((name, at) => at !== timeAt && (params.columns?.includes(name) ?? true))
  const valid = new Map<string, Valid[]>()

  const columns: Record<string, unknown> = Object.create(null)
  for (const name of wanted) {
    const at = names.indexOf(name)
    const values: Valid[] = []
    const places: { row: number; byte: number; reason: string }[] = []
    let empty = 0
    for (const [row, { fields, overlong, start }] of kept.entries()) {
      const field = fields[at]
      if (overlong) places.push({ row, byte: start, reason: 'record over 1 MiB' })
      else if (!field || field.text === '') empty++
      else {
        const verdict = judge(field.text, name, params)
        if ('reason' in verdict) places.push({ row, byte: field.start, reason: verdict.reason })
        else
          values.push({
            row,
            byte: field.start,
            value: verdict.value,
            exact: exact(verdict.text),
            time: cellTimes[row]!,
          })
      }
    }
    valid.set(name, values)
    columns[name] = {
      ...extremes(values),
      empty,
      invalid: places.length,
      invalidPlaces: places.slice(0, 100),
      ...(params.statistics === 'all' ? figures(values, params) : {}),
    }
  }
  const usable = kept.filter(({ overlong }) => !overlong)
  const ragged = kept
    .map((record, row) => ({ ...record, row }))
    .filter((r) => !r.overlong && r.fields.length > names.length)
  const reported = strays
    .filter(({ record }) => rowOf.has(record) && !records[record]!.overlong)
    .map(({ record, byte }) => ({ row: rowOf.get(record)!, byte }))
  return {
    names,
    rows: kept.length,
    short: usable.filter(({ fields }) => fields.length < names.length).length,
    overlong: kept.length - usable.length,
    ragged: { count: ragged.length, places: ragged.slice(0, 100).map(({ row, start }) => ({ row, byte: start })) },
    strayQuotes: { count: reported.length, places: reported.slice(0, 100) },
    time: params.time ? timeFacts(kept, cellTimes, timeAt, params) : null,
    columns,
    spread: params.statistics === 'all' ? spread(valid) : undefined,
    groups: params.groupBy ? groups(valid, wanted, cellTimes, params.groupBy) : undefined,
  }
}

function extremes(values: Valid[]) {
  let min: Valid | undefined
  let max: Valid | undefined
  let opening: Valid | undefined
  let closing: Valid | undefined
  for (const value of values) {
    if (!min || value.value < min.value) min = value
    if (!max || value.value > max.value) max = value
    if (value.time === null) continue
    if (!opening || value.time < opening.time!) opening = value
    if (!closing || value.time >= closing.time!) closing = value
  }
  const moment = (v: Valid | undefined) => (v ? { value: v.value, row: v.row, time: iso(v.time!) } : null)
  return {
    count: values.length,
    min: min?.value ?? null,
    minRow: min?.row ?? null,
    minTime: min?.time == null ? null : iso(min.time),
    max: max?.value ?? null,
    maxRow: max?.row ?? null,
    maxTime: max?.time == null ? null : iso(max.time),
    first: moment(opening),
    last: moment(closing),
  }
}

function figures(values: Valid[], params: OracleParams) {
  const n = BigInt(values.length)
  const none = { sum: null, mean: null, variance: null, stddev: null }
  let moments: Record<string, number | null> = none
  if (n > 0n) {
    const sum = values.reduce((total, { exact }) => plus(total, exact), ZERO)
    const squares = values.reduce((total, { exact }) => plus(total, times(exact, exact)), ZERO)
    const top = minus({ num: n * squares.num, scale: squares.scale }, times(sum, sum))
    const variance = toDouble(top.num, n * n * 10n ** top.scale)
    moments = {
      sum: rounded(sum),
      mean: toDouble(sum.num, n * 10n ** sum.scale),
      variance,
      stddev: variance === null ? null : Math.sqrt(variance),
    }
  }
  const { histogram } = params
  if (!histogram) return moments
  const bins = Array.from({ length: histogram.bins }, () => 0)
  let below = 0
  let above = 0
  for (const { value } of values) {
    if (value < histogram.min) below++
    else if (value > histogram.max) above++
    else {
      const share = (value - histogram.min) / (histogram.max - histogram.min)
      bins[Math.min(Math.floor(share * histogram.bins), histogram.bins - 1)]!++
    }
  }
  return { ...moments, histogram: { min: histogram.min, max: histogram.max, bins, below, above, exact: true } }
}

function timeFacts(kept: Row[], cellTimes: (bigint | null)[], at: number, params: OracleParams) {
  const known = cellTimes.flatMap((time, row) => (time === null ? [] : [{ time, row }]))
  const sorted = known.map(({ time }) => time).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const empty = kept.filter(({ fields, overlong }) => !overlong && !fields[at]?.text).length
  const invalid = kept.flatMap(({ fields, overlong, start }, row) => {
    if (overlong) return [{ row, byte: start, reason: 'record over 1 MiB' }]
    if (!fields[at]?.text || cellTimes[row] !== null) return []
    return [{ row, byte: fields[at].start, reason: 'not a time in this format' }]
  })
  const facts = {
    column: params.time!.name,
    count: known.length,
    empty,
    invalid: invalid.length,
    first: sorted.length > 0 ? iso(sorted[0]!) : null,
    last: sorted.length > 0 ? iso(sorted.at(-1)!) : null,
    invalidPlaces: invalid.slice(0, 100),
  }
  if (params.statistics === 'extremes') return facts
  const steps = known
    .slice(1)
    .map(({ time, row }, i) => ({ row, from: known[i]!.time, to: time, gap: time - known[i]!.time }))
  const back = steps.filter(({ gap }) => gap < 0n)
  const longest = steps
    .filter(({ gap }) => gap > 0n)
    .sort((a, b) => (a.gap > b.gap ? -1 : a.gap < b.gap ? 1 : a.row - b.row))
    .slice(0, 10)
    .map(({ row, from, to, gap }) => ({ row, from: iso(from), to: iso(to), seconds: toDouble(gap, 1_000_000_000n) }))
  const over = (seconds: bigint) => steps.filter(({ gap }) => gap > seconds * 1_000_000_000n).length
  return {
    ...facts,
    outOfOrder: { count: back.length, places: back.slice(0, 100).map(({ row }) => ({ row, byte: kept[row]!.start })) },
    duplicates: steps.filter(({ gap }) => gap === 0n).length,
    gaps: { overMinute: over(60n), overHour: over(3600n), overDay: over(86_400n), longest },
  }
}

function spread(valid: Map<string, Valid[]>) {
  const asks = valid.get('Ask')
  const bids = new Map(valid.get('Bid')?.map((bid) => [bid.row, bid]))
  if (!asks || !valid.has('Bid')) return null
  const both = asks.flatMap((ask) => {
    const bid = bids.get(ask.row)
    if (!bid) return []
    const difference = minus(ask.exact, bid.exact)
    return [{ ...ask, exact: difference, value: rounded(difference)! }]
  })
  const crossed = both.filter(({ exact }) => exact.num < 0n)
  const { first: _first, last: _last, ...found } = extremes(both)
  return {
    ...found,
    ...figures(both, { statistics: 'all' } as OracleParams),
    crossed: { count: crossed.length, places: crossed.slice(0, 100).map(({ row, byte }) => ({ row, byte })) },
  }
}

function groups(
  valid: Map<string, Valid[]>,
  wanted: string[],
  cellTimes: (bigint | null)[],
  by: 'hour' | 'day' | 'month',
) {
  const ids = [...new Set(cellTimes.filter((time) => time !== null).map((time) => groupOf(time, by)))].sort()
  return ids.map((from) => {
    const within = (name: string | undefined) =>
      (name === undefined ? [] : (valid.get(name) ?? [])).filter(
        ({ time }) => time !== null && groupOf(time, by) === from,
      )
    const columns: Record<string, unknown> = Object.create(null)
    for (const name of wanted) {
      const values = within(name)
      const { count, min, max, first, last } = extremes(values)
      const source = /volume$/i.test(name)
        ? name
        : (wanted.find((other) => other === `${name}Volume`) ?? wanted.find((other) => /^volume$/i.test(other)))
      const traded = within(source)
      const volume = traded.length > 0 ? rounded(traded.reduce((sum, { exact }) => plus(sum, exact), ZERO)) : null
      columns[name] = { count, open: first?.value ?? null, high: max, low: min, close: last?.value ?? null, volume }
    }
    return { from, rows: cellTimes.filter((time) => time !== null && groupOf(time, by) === from).length, columns }
  })
}
