import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder, writeDurably } from '../../coordinator/disk.ts'
import { crc32 } from '../../jobs/math/png.ts'
import type { Tick } from './feed.ts'

// Ticks on disk: one append-only file of records per UTC day. What `append` has resolved for survives a power cut; a torn
// last record is cut off when the file is opened again.

const DAY_MS = 86_400_000

/** What is no longer there. Written before the days go, so that a crash in between is made up for when opening. */
interface Forgotten {
  readonly ticks: number
  /** Days before this one, `YYYY-MM-DD`. */
  readonly before: string
}
const FORGOTTEN = 'forgotten.json'

export async function openTicks(folder: string) {
  await mkdir(folder, { recursive: true })
  const files = new Map<string, FileHandle>()
  let forgotten = await readForgotten()
  await removeForgotten()
  let waiting: { readonly ticks: readonly Tick[]; done(): void; failed(error: unknown): void }[] = []
  let writing: Promise<void> | undefined
  let forgetting: Promise<number> = Promise.resolve(0)

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
      const bytes = encodeTicks(ticks)
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
    const path = pathOf(day)
    const whole = decodeTicks(await readFile(path).catch(absent)).length * RECORD_BYTES
    const file = await open(path, whole > 0 ? 'r+' : 'w+')
    await file.truncate(whole)
    await syncFolder(folder)
    files.set(day, file)
    return file
  }

  async function readForgotten(): Promise<Forgotten> {
    const text = await readFile(join(folder, FORGOTTEN), 'utf8').catch(absent)
    return text.length === 0 ? { ticks: 0, before: '' } : (JSON.parse(String(text)) as Forgotten)
  }

  async function removeForgotten(): Promise<number> {
    const old = (await days()).filter((day) => day < forgotten.before)
    for (const day of old) {
      await files.get(day)?.close()
      files.delete(day)
      await rm(pathOf(day))
    }
    return old.length
  }

  async function forget(before: number, atLeast: number): Promise<number> {
    // What waits to be written may belong to an old day.
    while (writing) await writing
    const all = await days()
    const old = all.filter((day) => Date.parse(day) + DAY_MS <= before)
    if (old.length === 0) return 0
    const sizes = await Promise.all(all.map(async (day) => (await stat(pathOf(day))).size))
    let left = sizes.reduce((sum, size) => sum + Math.floor(size / RECORD_BYTES), 0)
    let { ticks, before: gone } = forgotten
    for (const day of old) {
      const count = await countOf(day)
      left -= count
      if (left < atLeast) break
      ticks += count
      gone = dayOf(Date.parse(day) + DAY_MS)
    }
    if (gone === forgotten.before) return 0
    await writeDurably(join(folder, FORGOTTEN), JSON.stringify({ ticks, before: gone } satisfies Forgotten))
    forgotten = { ticks, before: gone }
    return removeForgotten()
  }

  /** As many as would be read: all, unless a crash tore the end. */
  async function countOf(day: string): Promise<number> {
    const bytes = await readFile(pathOf(day))
    const whole = bytes.length - (bytes.length % RECORD_BYTES)
    const last = decodeTicks(bytes.subarray(Math.max(0, whole - RECORD_BYTES), whole))
    return last.length === 1 ? whole / RECORD_BYTES : decodeTicks(bytes).length
  }

  function pathOf(day: string): string {
    return join(folder, `${day}.ticks`)
  }

  async function days(): Promise<string[]> {
    const names = await readdir(folder)
    return names
      .filter((name) => name.endsWith('.ticks'))
      .map((name) => name.slice(0, -6))
      .sort()
  }

  return {
    /** Durable when it resolves. Appends that arrive while one is written go with the next, in one fsync a day file. */
    append(ticks: readonly Tick[]): Promise<void> {
      if (ticks.length === 0) return Promise.resolve()
      return new Promise<void>((done, failed) => {
        waiting.push({ ticks, done, failed })
        flush()
      })
    },
    /** Kept ticks with `from` ≤ time ≤ `to`, in the order they were appended within a day. */
    async *read(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): AsyncGenerator<Tick> {
      for (const day of await days()) {
        const start = Date.parse(day)
        if (start > to || start + DAY_MS <= from) continue
        const bytes = await readFile(pathOf(day))
        for (const tick of decodeTicks(bytes)) if (tick.at >= from && tick.at <= to) yield tick
      }
    },
    /**
     * Removes days that ended before `before` (ms), oldest first and as long as `atLeast` ticks stay; the number of days.
     */
    forget(before: number, atLeast: number): Promise<number> {
      forgetting = forgetting.catch(() => {}).then(() => forget(before, atLeast))
      return forgetting
    },
    /** Ticks of the days that were removed: what is kept begins after so many. */
    forgotten: () => forgotten.ticks,
    async close() {
      while (writing) await writing
      await forgetting.catch(() => {})
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

// Ticks on disk: records of 32 bytes (time and units as doubles, source as 12 letters, CRC-32), little-endian.

const RECORD_BYTES = 32
const SOURCE_BYTES = 12

function encodeTicks(ticks: readonly Tick[]): Uint8Array {
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
function decodeTicks(bytes: Uint8Array): Tick[] {
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
