import { crc32 } from '../../jobs/math/crc32.ts'
import type { Tick } from './feed.ts'

// Ticks on disk: records of 32 bytes (time and units as doubles, source as 12 letters, CRC-32), little-endian.

export const RECORD_BYTES = 32
const SOURCE_BYTES = 12

export function encodeTicks(ticks: readonly Tick[]): Uint8Array {
  const bytes = new Uint8Array(ticks.length * RECORD_BYTES)
  const view = new DataView(bytes.buffer)
  for (const [i, { at, units, source }] of ticks.entries()) {
    const start = i * RECORD_BYTES
    view.setFloat64(start, at, true)
    view.setFloat64(start + 8, units, true)
    bytes.set(new TextEncoder().encode(source).subarray(0, SOURCE_BYTES), start + 16)
    view.setUint32(start + 28, crc32(bytes.subarray(start, start + 28)), true)
  }
  return bytes
}

/** Every record up to the first that is torn. */
export function decodeTicks(bytes: Uint8Array): Tick[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const ticks: Tick[] = []
  for (let start = 0; start + RECORD_BYTES <= bytes.length; start += RECORD_BYTES) {
    const record = bytes.subarray(start, start + 28)
    if (crc32(record) !== view.getUint32(start + 28, true)) break
    const source = new TextDecoder().decode(record.subarray(16)).replace(/\0+$/, '')
    ticks.push({ at: view.getFloat64(start, true), units: view.getFloat64(start + 8, true), source })
  }
  return ticks
}
