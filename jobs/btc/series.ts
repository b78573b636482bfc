// A series as stored. Little-endian; what devices are sent of it are prices alone:
//
//   bytes  0 …  7   "btc1", four zero bytes
//   bytes  8 … 11   points n, unsigned 32 bits
//   bytes 12 … 27   skipped at import: unreadable, price, duplicate, spike, unsigned 32 bits each
//   bytes 28 … 63   zero
//   then n doubles  prices, whole numbers of 10⁻⁸ USD, 1 … 9 × 10¹⁵, in order of time
//   then n doubles  times, whole milliseconds since 1970-01-01 UTC, strictly rising

/** How many rows of an import were left out, by reason. */
export interface Skipped {
  readonly unreadable: number
  readonly price: number
  readonly duplicate: number
  readonly spike: number
}

export interface Series {
  /** In units of 10⁻⁸ USD. */
  readonly prices: Float64Array
  /** Milliseconds since 1970. */
  readonly times: Float64Array
  readonly skipped: Skipped
}

/** What one device can hold beside its own work: 40 MB on the wire, as much again while computing. */
export const MAX_POINTS = 5_000_000

export const HEADER_BYTES = 64
const MAGIC = 0x31637462

/** Thrown for bytes that are no series; only a fault of ours can cause it. */
export class MalformedSeries extends Error {
  override name = 'MalformedSeries'
}

export function encodeSeries({ prices, times, skipped }: Series): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + prices.length * 16)
  const header = new Uint32Array(bytes.buffer, 0, 7)
  header.set([MAGIC, 0, prices.length, skipped.unreadable, skipped.price, skipped.duplicate, skipped.spike])
  new Float64Array(bytes.buffer, HEADER_BYTES, prices.length).set(prices)
  new Float64Array(bytes.buffer, HEADER_BYTES + prices.length * 8, prices.length).set(times)
  return bytes
}

/** Views into `bytes`, copied only where they are not aligned to eight. */
export function decodeSeries(bytes: Uint8Array): Series {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  if (aligned.length < HEADER_BYTES) throw new MalformedSeries('A series has at least 64 bytes.')
  const [magic, , count = 0, unreadable = 0, price = 0, duplicate = 0, spike = 0] = new Uint32Array(
    aligned.buffer,
    aligned.byteOffset,
    7,
  )
  if (magic !== MAGIC || aligned.length !== HEADER_BYTES + count * 16) throw new MalformedSeries('Not a whole series.')
  const start = aligned.byteOffset + HEADER_BYTES
  return {
    prices: new Float64Array(aligned.buffer, start, count),
    times: new Float64Array(aligned.buffer, start + count * 8, count),
    skipped: { unreadable, price, duplicate, spike },
  }
}

/** What a device was sent of a series; copied only where it is not aligned to eight. */
export function decodePrices(bytes: Uint8Array): Float64Array {
  if (bytes.length % 8 !== 0) throw new MalformedSeries('Not whole prices.')
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  return new Float64Array(aligned.buffer, aligned.byteOffset, aligned.length / 8)
}

/** The points from `from` to `to`, both included, in milliseconds; views. */
export function within(series: Series, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): Series {
  const start = firstAt(series.times, (time) => time >= from)
  const end = Math.max(
    start,
    firstAt(series.times, (time) => time > to),
  )
  return { ...series, prices: series.prices.subarray(start, end), times: series.times.subarray(start, end) }
}

/** The first index for which `holds`, which is false up to somewhere and true from there on. */
function firstAt(times: Float64Array, holds: (time: number) => boolean): number {
  let from = 0
  let to = times.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (holds(times[middle]!)) to = middle
    else from = middle + 1
  }
  return from
}

/** Prices are whole numbers of 10⁻⁸ USD: exact, whatever is added up. */
export const UNITS_PER_USD = 100_000_000

/**
 * $90,000,000, the largest price that counts: below 2^53 units a price is exactly a double, and what the kernel computes
 * with one stays exact.
 */
export const MAX_UNITS = 9_000_000_000_000_000

/** In USD, as the nearest double. */
export function usd(units: number): number {
  return units / UNITS_PER_USD
}
