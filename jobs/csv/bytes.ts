import { MalformedOutput } from '../define.ts'
import { MOST_PLACES, type Moment, type Place } from './places.ts'

// Outputs as bytes.

const MOST_U32 = 0xffffffff

/** Grows as it is written. Whole numbers are LEB128, doubles little-endian. */
export function createWriter() {
  let bytes = new Uint8Array(4096)
  let view = new DataView(bytes.buffer)
  let at = 0
  function room(size: number): void {
    if (at + size <= bytes.length) return
    const larger = new Uint8Array(Math.max(bytes.length * 2, at + size))
    larger.set(bytes.subarray(0, at))
    bytes = larger
    view = new DataView(bytes.buffer)
  }
  const writer = {
    whole(value: number): void {
      room(8)
      let rest = value
      for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) + 128
      bytes[at++] = rest
    },
    /** Zigzag. */
    integer(value: number): void {
      writer.whole(value < 0 ? -2 * value - 1 : 2 * value)
    },
    big(value: bigint): void {
      const hex = (value < 0n ? -value : value).toString(16)
      const length = (hex.length + 1) >> 1
      writer.whole(length * 2 + (value < 0n ? 1 : 0))
      room(length)
      for (let i = 0, end = hex.length; i < length; i++, end -= 2)
        bytes[at++] = Number.parseInt(hex.slice(Math.max(0, end - 2), end), 16)
    },
    double(value: number): void {
      room(8)
      view.setFloat64(at, value, true)
      at += 8
    },
    raw(value: Uint8Array): void {
      room(value.length)
      bytes.set(value, at)
      at += value.length
    },
    /** 0: none; 1: without a time; 2: with one. */
    moment(moment: Moment | null): void {
      writer.whole(moment === null ? 0 : moment.time === null ? 1 : 2)
      if (!moment) return
      writer.double(moment.value)
      writer.whole(moment.row)
      if (moment.time !== null) writer.big(moment.time)
    },
    /** Rows and bytes ascend, so their differences are small. */
    places(places: readonly Place[]): void {
      writer.whole(places.length)
      let row = 0
      let byte = 0
      for (const place of places) {
        writer.whole(place.row - row)
        writer.whole(place.byte - byte)
        writer.whole(place.reason)
        row = place.row
        byte = place.byte
      }
    },
    finish: () => bytes.slice(0, at),
  }
  return writer
}
export type Writer = ReturnType<typeof createWriter>

/** No cell of at most a mebibyte has a finer or coarser decimal: its digits, and what an exponent adds. */
const MOST_SCALE = (1 << 20) + 400

/** Reads what a writer wrote; throws {@link MalformedOutput} rather than pass an end or an impossible value. */
export function createReader(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  function take(size: number): number {
    if (size > bytes.length - at) throw new MalformedOutput('The output ends too early.')
    at += size
    return at - size
  }
  const reader = {
    whole(most = Number.MAX_SAFE_INTEGER): number {
      let value = 0
      for (let factor = 1; ; factor *= 128) {
        const byte = bytes[take(1)]!
        value += (byte & 127) * factor
        if (value > most) throw new MalformedOutput('A number in the output is too large.')
        if (byte < 128) return value
        if (factor > 2 ** 46) throw new MalformedOutput('A number in the output is too long.')
      }
    },
    /** A count, a row or a byte of a slice. */
    u32: (): number => reader.whole(MOST_U32),
    integer(): number {
      const value = reader.whole()
      return value % 2 ? -(value + 1) / 2 : value / 2
    },
    scale(): number {
      const scale = reader.integer()
      if (Math.abs(scale) > MOST_SCALE) throw new MalformedOutput('A decimal in the output is impossibly long.')
      return scale
    },
    big(): bigint {
      const header = reader.whole()
      const length = Math.floor(header / 2)
      const from = take(length)
      let hex = ''
      for (let i = length - 1; i >= 0; i--) hex += bytes[from + i]!.toString(16).padStart(2, '0')
      const value = hex === '' ? 0n : BigInt(`0x${hex}`)
      return header % 2 ? -value : value
    },
    double(): number {
      const value = view.getFloat64(take(8), true)
      if (!Number.isFinite(value)) throw new MalformedOutput('The output holds a value that is no number.')
      return value
    },
    raw: (size: number): Uint8Array => bytes.subarray(take(size), at),
    /** As many as the count says; a count that cannot be true ends early. */
    list<Item>(most: number, item: (index: number) => Item): Item[] {
      const count = reader.whole(most)
      const items: Item[] = []
      for (let i = 0; i < count; i++) items.push(item(i))
      return items
    },
    moment(): Moment | null {
      const form = reader.whole(2)
      if (form === 0) return null
      return { value: reader.double(), row: reader.u32(), time: form === 2 ? reader.big() : null }
    },
    places(): Place[] {
      let row = 0
      let byte = 0
      return reader.list(MOST_PLACES, () => {
        row += reader.u32()
        byte += reader.u32()
        return { row, byte, reason: reader.whole(255) }
      })
    },
    end(): void {
      if (at !== bytes.length) throw new MalformedOutput('The output goes on behind its end.')
    },
  }
  return reader
}
export type Reader = ReturnType<typeof createReader>
