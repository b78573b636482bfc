import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

// Ticks as brokers export them: a time, Ask, Bid and their volumes, from a fixed seed. Digits are written one by one, as
// making half a gigabyte must not take longer than measuring it.

export const HEADER = 'Time,Ask,Bid,AskVolume,BidVolume\n'
export const PRICE_COLUMNS = ['Ask', 'Bid', 'AskVolume', 'BidVolume']

const CHUNK_BYTES = 4 << 20
const MOST_ROW_BYTES = 64
const DAY_MS = 86_400_000

/** A header and rows, at least `bytes` of them, in chunks. */
export function* priceChunks(bytes: number): Generator<Buffer> {
  let state = 12_345
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  let time = Date.UTC(2019, 0, 1)
  let day = Number.NaN
  let date = ''
  let ask = 110_000
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let at = chunk.write(HEADER, 'latin1')
  let made = 0
  /** A 32-bit `value` with `digits` digits at least, a point before the last `places`. */
  function write(value: number, digits: number, places: number): void {
    let length = digits
    for (let rest = (value / 10 ** digits) | 0; rest > 0; rest = (rest / 10) | 0) length++
    let rest = value
    for (let i = length; i >= 0; i--) {
      if (i === length - places) chunk[at + i] = 46
      else {
        chunk[at + i] = 48 + (rest % 10)
        rest = (rest / 10) | 0
      }
    }
    at += length + 1
  }
  while (made + at < bytes) {
    time += 1 + Math.floor(random() * 3000)
    ask = Math.max(90_000, ask + Math.floor(random() * 21) - 10)
    if (Math.floor(time / DAY_MS) !== day) {
      day = Math.floor(time / DAY_MS)
      date = new Date(time).toISOString().slice(0, 10)
    }
    at += chunk.write(date, at, 'latin1')
    const clock = time - day * DAY_MS
    chunk[at++] = 32
    at = two(chunk, at, Math.floor(clock / 3_600_000), 58)
    at = two(chunk, at, Math.floor(clock / 60_000) % 60, 58)
    write(clock % 60_000, 5, 3)
    chunk[at++] = 44
    write(ask, 6, 5)
    chunk[at++] = 44
    write(ask - 1 - Math.floor(random() * 8), 6, 5)
    chunk[at++] = 44
    write(Math.floor(random() * 500), 3, 2)
    chunk[at++] = 44
    write(Math.floor(random() * 500), 3, 2)
    chunk[at++] = 10
    if (at + MOST_ROW_BYTES > CHUNK_BYTES) {
      yield chunk.subarray(0, at)
      made += at
      at = 0
      chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    }
  }
  yield chunk.subarray(0, at)
}

function two(bytes: Buffer, at: number, value: number, behind: number): number {
  bytes[at] = 48 + Math.floor(value / 10)
  bytes[at + 1] = 48 + (value % 10)
  bytes[at + 2] = behind
  return at + 3
}

/** A file of them; answers its size. */
export async function writePrices(path: string, bytes: number): Promise<number> {
  await pipeline(Readable.from(priceChunks(bytes)), createWriteStream(path))
  return (await stat(path)).size
}
