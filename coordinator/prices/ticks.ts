import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from '../../jobs/math/crc32.ts'
import type { Tick } from './tick.ts'

// Ticks on disk: one append-only file per UTC day, records of 32 bytes (time and units as doubles, source as 12 letters,
// CRC-32), little-endian. What `append` has resolved for survives a power cut; a torn last record is cut off when the
// file is opened again.

const RECORD_BYTES = 32
const SOURCE_BYTES = 12
const DAY_MS = 86_400_000

export interface TickStore {
  /** Durable when it resolves. Appends that arrive while one is written go with the next, in one fsync a day file. */
  append(ticks: readonly Tick[]): Promise<void>
  /** Kept ticks with `from` ≤ time ≤ `to`, in the order they were appended within a day. */
  read(from?: number, to?: number): AsyncIterable<Tick>
  /** Removes days that ended before `before` (ms); the number of files. */
  forget(before: number): Promise<number>
  close(): Promise<void>
}

export async function openTicks(folder: string): Promise<TickStore> {
  await mkdir(folder, { recursive: true })
  const files = new Map<string, FileHandle>()
  let waiting: { readonly ticks: readonly Tick[]; done(): void; failed(error: unknown): void }[] = []
  let writing: Promise<void> | undefined

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        for (const [day, ticks] of byDay(batch.flatMap(({ ticks }) => ticks))) await write(day, ticks)
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
  }

  function flush(): void {
    if (writing || waiting.length === 0) return
    writing = writeAll().finally(() => {
      writing = undefined
      flush()
    })
  }

  async function write(day: string, ticks: readonly Tick[]): Promise<void> {
    const file = await fileOf(day)
    const { size } = await file.stat()
    try {
      const bytes = encode(ticks)
      const { bytesWritten } = await file.write(bytes, 0, bytes.length, size)
      if (bytesWritten !== bytes.length) throw new Error(`Only ${bytesWritten} of ${bytes.length} bytes were written.`)
      await file.datasync()
    } catch (error) {
      // Half a record must not stand before the next one.
      await file.truncate(size).catch(() => {})
      throw error
    }
  }

  async function fileOf(day: string): Promise<FileHandle> {
    const known = files.get(day)
    if (known) return known
    const path = join(folder, `${day}.ticks`)
    const whole = decode(await readFile(path).catch(absent)).length * RECORD_BYTES
    const file = await open(path, whole > 0 ? 'r+' : 'w+')
    await file.truncate(whole)
    const place = await open(folder, 'r')
    await place.sync().finally(() => place.close())
    files.set(day, file)
    return file
  }

  async function days(): Promise<string[]> {
    const names = await readdir(folder)
    return names
      .filter((name) => name.endsWith('.ticks'))
      .map((name) => name.slice(0, -6))
      .sort()
  }

  return {
    append(ticks) {
      if (ticks.length === 0) return Promise.resolve()
      return new Promise<void>((done, failed) => {
        waiting.push({ ticks, done, failed })
        flush()
      })
    },
    async *read(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) {
      for (const day of await days()) {
        const start = Date.parse(day)
        if (start > to || start + DAY_MS <= from) continue
        const bytes = await readFile(join(folder, `${day}.ticks`))
        for (const tick of decode(bytes)) if (tick.at >= from && tick.at <= to) yield tick
      }
    },
    async forget(before) {
      const old = (await days()).filter((day) => Date.parse(day) + DAY_MS <= before)
      for (const day of old) {
        await files.get(day)?.close()
        files.delete(day)
        await rm(join(folder, `${day}.ticks`))
      }
      return old.length
    },
    async close() {
      await writing
      for (const file of files.values()) await file.close()
      files.clear()
    },
  }
}

function byDay(ticks: readonly Tick[]): Map<string, Tick[]> {
  const days = new Map<string, Tick[]>()
  for (const tick of ticks) {
    const day = dayOf(tick.at)
    const known = days.get(day)
    if (known) known.push(tick)
    else days.set(day, [tick])
  }
  return days
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function absent(error: NodeJS.ErrnoException): Uint8Array {
  if (error.code === 'ENOENT') return new Uint8Array()
  throw error
}

function encode(ticks: readonly Tick[]): Uint8Array {
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
function decode(bytes: Uint8Array): Tick[] {
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
