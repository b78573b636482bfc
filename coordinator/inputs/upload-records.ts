import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type KvStore, Upload } from '@tus/server'
import { readJson, writeDurably } from '../disk.ts'
import type { RunningTime } from '../running-time.ts'
import type { FileProblemReason } from './port.ts'

// What is known of an upload, as small JSON beside the bytes that have arrived; how it ended stays when those are gone.

export interface UploadRecord {
  readonly id: string
  readonly bytes: number
  /** What its sender says of it, as the protocol hands it on. */
  readonly metadata: Readonly<Record<string, string | null>>
  /** ISO 8601 UTC, by the host's clock: for people. */
  readonly createdAt: string
  /** How long the pool had run when the upload began; ages are told by this. */
  readonly begunMs: number
  readonly outcome?: UploadOutcome
}

export type UploadOutcome =
  | { readonly type: 'kept'; readonly file: string }
  | { readonly type: 'refused'; readonly reason: FileProblemReason; readonly words: string }

/** From its beginning on: time for the largest file over a slow line, or for a weekend in between. */
export const UPLOAD_KEPT_MS = 3 * 24 * 3_600_000
const ID = /^[0-9a-f]{32}$/

export async function openUploadRecords(folder: string, running: Pick<RunningTime, 'ms'>) {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const place = (id: string) => join(folder, ID.test(id) ? id : 'unknown')
  const set = (record: UploadRecord) => writeDurably(`${place(record.id)}.json`, JSON.stringify(record))
  const removeBytes = (id: string) => rm(place(id), { force: true })

  async function get(id: string): Promise<UploadRecord | undefined> {
    const record = await readJson<UploadRecord>(`${place(id)}.json`)
    // Records of earlier releases do not say it; and no upload began later than now.
    return record && { ...record, begunMs: Math.min(record.begunMs ?? running.ms(), running.ms()) }
  }
  async function list(): Promise<UploadRecord[]> {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
    const records = await Promise.all(names.map((name) => get(name.slice(0, -5))))
    return records.filter((record) => record !== undefined)
  }
  async function remove(id: string): Promise<void> {
    await removeBytes(id)
    await rm(`${place(id)}.json`, { force: true })
  }

  // What a crash left without a record, and records half written.
  const known = new Set((await list()).flatMap(({ id }) => [id, `${id}.json`]))
  for (const name of await readdir(folder)) if (!known.has(name)) await rm(join(folder, name), { force: true })
  // What get() makes of a record without a beginning becomes its beginning.
  for (const record of await list()) await set(record)

  /** The same for the tus store. */
  const configstore: KvStore<Upload> = {
    async get(id) {
      const record = await get(id)
      if (!record) return undefined
      const { bytes: size, metadata, begunMs } = record
      // It refuses what is too old by this date, which therefore says the age and not the day.
      const creation_date = new Date(Date.now() - (running.ms() - begunMs)).toISOString()
      return new Upload({ id, size, metadata: { ...metadata }, creation_date, offset: 0 })
    },
    set: (id, { size = 0, metadata = {}, creation_date = new Date().toISOString() }) =>
      set({ id, bytes: size, metadata, createdAt: creation_date, begunMs: running.ms() }),
    delete: remove,
  }

  return {
    place,
    get,
    set,
    list,
    remove,
    removeBytes,
    configstore,
    ageMs: ({ begunMs }: UploadRecord) => running.ms() - begunMs,
    /** How much of it has arrived; null where its bytes are gone. */
    received: (id: string): Promise<number | null> =>
      stat(place(id)).then(
        ({ size }) => size,
        () => null,
      ),
  }
}
