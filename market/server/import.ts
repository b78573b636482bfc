import { encodeSeries, MAX_POINTS, type Series, type Skipped } from '../../jobs/btc/series.ts'
import { type Layout, layoutOf, zoneOf } from './layout.ts'

const DAY_MS = 86_400_000

export type Imported =
  | {
      readonly type: 'imported'
      /** As stored and sent to devices; see jobs/btc/series.ts. */
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly points: number
      /** Times of the first and the last point. */
      readonly from: number
      readonly to: number
      readonly skipped: Skipped
      /** Shown, not excluded: gaps of a day or more between points, and rows that stood before an earlier one. */
      readonly gaps: number
      readonly outOfOrder: number
    }
  | { readonly type: 'refused'; readonly sentence: string }

/**
 * Reads a CSV or a price log, sorts it by time and leaves out, in this order: rows that cannot be read; prices that are
 * zero, negative, no number or above $90,000,000; all but the first of the rows with one time; spikes.
 */
export async function importSeries(body: AsyncIterable<Uint8Array>, zoneName = 'UTC'): Promise<Imported> {
  const zone = zoneOf(zoneName)
  if (!zone)
    return refused(`Zone must be UTC, an offset like +01:00 or a name like Europe/Berlin. You wrote ${zoneName}.`)
  const rows = newRows()
  let layout: Layout | undefined
  const skipped = { unreadable: 0, price: 0, duplicate: 0, spike: 0 }
  for await (const line of linesOf(body)) {
    if (line.trim() === '') continue
    if (!layout) {
      const found = layoutOf(line, zone)
      if (typeof found === 'string') return refused(found)
      layout = found
      if (!layout.firstIsRow) continue
    }
    const row = layout.read(line)
    if (typeof row === 'string') skipped[row]++
    else if (rows.count() === MAX_POINTS) return refused(`A series may have at most ${MAX_POINTS} points.`)
    else rows.add(row.at, row.units)
  }
  if (!layout) return refused('There is nothing in this file.')
  const kept = withoutSpikes(withoutDuplicates(rows.sorted(), skipped), skipped)
  const { times } = kept
  if (times.length === 0) {
    return refused(
      `No row has a time and a price: ${skipped.unreadable} cannot be read, ${skipped.price} are no valid price.`,
    )
  }
  return {
    type: 'imported',
    bytes: encodeSeries({ ...kept, skipped }),
    points: times.length,
    from: times[0]!,
    to: times[times.length - 1]!,
    skipped,
    gaps: times.reduce((count, at, i) => count + (i > 0 && at - times[i - 1]! >= DAY_MS ? 1 : 0), 0),
    outOfOrder: rows.outOfOrder(),
  }
}

function refused(sentence: string): Imported {
  return { type: 'refused', sentence }
}

type Points = Pick<Series, 'prices' | 'times'>

/** Grows as rows come: two doubles a point, nothing else. */
function newRows() {
  let times = new Float64Array(1024)
  let prices = new Float64Array(1024)
  let count = 0
  let outOfOrder = 0
  return {
    add(at: number, units: number): void {
      if (count === times.length) {
        times = grown(times)
        prices = grown(prices)
      }
      if (count > 0 && at < times[count - 1]!) outOfOrder++
      times[count] = at
      prices[count++] = units
    },
    count: () => count,
    outOfOrder: () => outOfOrder,
    /** By time; rows of one time stay in the order of the file. Nothing may be added any more. */
    sorted(): Points {
      const rows = { times: times.subarray(0, count), prices: prices.subarray(0, count) }
      if (outOfOrder === 0) return rows
      // Newest first, as many exports are.
      if (outOfOrder === count - 1) return { times: rows.times.reverse(), prices: rows.prices.reverse() }
      const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => times[a]! - times[b]! || a - b)
      return {
        times: Float64Array.from(order, (i) => times[i]!),
        prices: Float64Array.from(order, (i) => prices[i]!),
      }
    },
  }
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.min(values.length * 2, MAX_POINTS))
  larger.set(values)
  return larger
}

function withoutDuplicates(points: Points, skipped: { duplicate: number }): Points {
  let last = Number.NaN
  return filtered(points, (i) => {
    const fresh = points.times[i] !== last
    if (!fresh) skipped.duplicate++
    last = points.times[i]!
    return fresh
  })
}

function withoutSpikes(points: Points, skipped: { spike: number }): Points {
  const spikes = spikesIn(points.prices)
  return filtered(points, (i) => {
    skipped.spike += spikes[i]!
    return spikes[i] === 0
  })
}

/** In place: the largest series has 80 MB. `keep` is asked of every point once, in order. */
function filtered({ times, prices }: Points, keep: (i: number) => boolean): Points {
  let count = 0
  for (let i = 0; i < times.length; i++) {
    if (!keep(i)) continue
    times[count] = times[i]!
    prices[count++] = prices[i]!
  }
  return { times: times.subarray(0, count), prices: prices.subarray(0, count) }
}

/** A line longer than this is no price; what is cut off would only fill memory. */
const MAX_LINE_BYTES = 64 * 1024

/** Lines of a UTF-8 text, without their ends (LF, CRLF or CR), a byte order mark and what exceeds 64 KB of a line. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let first = true
  for await (const bytes of body) {
    const text = rest + decoder.decode(bytes, { stream: true })
    // A CR at the very end may be half of a CRLF.
    const held = text.endsWith('\r') ? '\r' : ''
    const lines = (held ? text.slice(0, -1) : text).split(/\r\n|\n|\r/)
    rest = (lines.pop() ?? '').slice(0, MAX_LINE_BYTES) + held
    for (const line of lines) {
      yield first ? withoutMark(line) : line
      first = false
    }
  }
  rest += decoder.decode()
  const last = rest.replace(/\r$/, '')
  if (last !== '') yield first ? withoutMark(last) : last
}

// TextDecoder removes a mark at the very start by itself; exports glued together keep a second one.
function withoutMark(line: string): string {
  return line.replace(/^\uFEFF/, '')
}

/** Prices this many times above or below their neighbours are mistakes of the source: a lost digit makes ten. */
const SPIKE = 5
/** Neighbours looked at on each side. A wrong level that lasts longer is believed. */
const NEIGHBOURS = 5

/**
 * Marks spikes: a price at least five times, or at most a fifth of, the median of itself and its up to five neighbours on
 * each side. Looking both ways finds a wrong first price as well as a wrong last one.
 */
function spikesIn(prices: Float64Array): Uint8Array {
  const spikes = new Uint8Array(prices.length)
  for (const i of nearJumps(prices)) {
    const price = prices[i]!
    const around = prices.slice(Math.max(0, i - NEIGHBOURS), i + NEIGHBOURS + 1).sort()
    const median = around[around.length >> 1]!
    spikes[i] = price >= median * SPIKE || price * SPIKE <= median ? 1 : 0
  }
  return spikes
}

/** Only a price with a step of half its height near it can be a spike: the median is three steps away at most, 1.5³ = 3.4. */
function* nearJumps(prices: Float64Array): Generator<number> {
  let next = 0
  for (let i = 1; i < prices.length; i++) {
    if (close(prices[i]!, prices[i - 1]!)) continue
    const end = Math.min(i + NEIGHBOURS, prices.length)
    for (next = Math.max(next, i - NEIGHBOURS); next < end; next++) yield next
  }
}

function close(a: number, b: number): boolean {
  return a < b * 1.5 && b < a * 1.5
}
