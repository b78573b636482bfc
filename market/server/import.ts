import { encodeSeries, MAX_POINTS, type Series, type Skipped } from '../../jobs/btc/series.ts'
import { type Layout, layoutOf } from './layout.ts'
import { linesOf } from './lines.ts'
import { spikesIn } from './spikes.ts'
import { zoneOf } from './zone.ts'

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
