import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../../coordinator/disk.ts'
import type { InputSource } from '../../coordinator/inputs/port.ts'
import { SAMPLE_SERIES } from '../../jobs/btc/params.ts'
import { decodeSeries, encodeSeries, type Series, type Skipped } from '../../jobs/btc/series.ts'
import type { Imported } from './import.ts'
import { SAMPLE_FROM, sampleSeries } from './sample.ts'

// Imported series by their content: the same points sent twice are one series. `<id>.series` holds the bytes that devices
// get, `<id>.json` what is said of them; written aside, synced and renamed, the words last.

export interface SeriesRecord {
  readonly id: string
  readonly name: string
  readonly points: number
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  readonly skipped: Skipped
  readonly gaps: number
  readonly outOfOrder: number
  readonly createdAt: number
  /** Made by the project, not by a market; it cannot be deleted. */
  readonly synthetic: boolean
  /** Made by the pool for a system job, under the name this has on disks: it stands in no list and goes when the job is done with it. */
  readonly errand?: true
  /** Of the bytes that devices get. */
  readonly bytes: number
  readonly sha256: string
}

export interface SeriesStore extends InputSource {
  put(
    imported: Extract<Imported, { type: 'imported' }>,
    name: string,
  ): Promise<{ readonly series: SeriesRecord; readonly created: boolean }>
  /** For a system job; points that somebody imported stay theirs. */
  putForSystemJob(points: Pick<Series, 'prices' | 'times'>): Promise<SeriesRecord>
  /** Newest first, the sample last. */
  list(): Promise<readonly SeriesRecord[]>
  /** Those of system jobs. */
  forSystemJobs(): Promise<readonly SeriesRecord[]>
  get(id: string): Promise<SeriesRecord | undefined>
  /** False when there was no such series, or when it cannot be deleted. */
  delete(id: string): Promise<boolean>
}

const ID_LENGTH = 32
const ID = /^[0-9a-f]{32}$/
const READ_BYTES = 1 << 20
const NONE: Skipped = { unreadable: 0, price: 0, duplicate: 0, spike: 0 }

/** Makes the folder ready: what an earlier run did not finish is nobody's, and the sample is there. */
export async function openSeries(folder: string): Promise<SeriesStore> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) if (name.endsWith('.part')) await rm(join(folder, name), { force: true })
  await writeDurably(join(folder, `${SAMPLE_SERIES}.series`), sampleSeries())
  return seriesIn(folder)
}

/** The series of a folder that was made ready; any number of these may be about at once. */
export function seriesIn(folder: string): SeriesStore {
  const path = (id: string) => join(folder, `${id}.series`)

  async function get(id: string): Promise<SeriesRecord | undefined> {
    if (id === SAMPLE_SERIES) return sampleRecord()
    if (!ID.test(id)) return undefined
    const text = await readFile(join(folder, `${id}.json`), 'utf8').catch(absent)
    return text === undefined ? undefined : (JSON.parse(text) as SeriesRecord)
  }

  async function all(): Promise<SeriesRecord[]> {
    const ids = (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5))
    const found = (await Promise.all(ids.map(get))).filter((one) => one !== undefined)
    return found.sort((a, b) => b.createdAt - a.createdAt)
  }

  async function keepBoth(series: SeriesRecord, bytes: Uint8Array): Promise<SeriesRecord> {
    await writeDurably(join(folder, `${series.id}.series`), bytes)
    await writeDurably(join(folder, `${series.id}.json`), JSON.stringify(series))
    return series
  }

  return {
    get,
    async put({ bytes, points, from, to, skipped, gaps, outOfOrder }, name) {
      const names = namesOf(bytes)
      const known = await get(names.id)
      if (known && !known.errand) return { series: known, created: false }
      const about = { name, points, from, to, skipped, gaps, outOfOrder, createdAt: Date.now(), synthetic: false }
      return { series: await keepBoth({ ...names, ...about }, bytes), created: true }
    },
    async putForSystemJob({ prices, times }) {
      const bytes = encodeSeries({ prices, times, skipped: NONE })
      const names = namesOf(bytes)
      const known = await get(names.id)
      const about = { points: times.length, from: times[0]!, to: times[times.length - 1]!, createdAt: Date.now() }
      const none = { skipped: NONE, gaps: 0, outOfOrder: 0, synthetic: false }
      return known ?? keepBoth({ ...names, ...about, ...none, name: 'The latest prices', errand: true }, bytes)
    },
    list: async () => [...(await all()).filter(({ errand }) => !errand), sampleRecord()],
    forSystemJobs: async () => (await all()).filter(({ errand }) => errand),
    path,
    async find(id) {
      const found = await get(id)
      return found && { bytes: found.bytes, sha256: found.sha256 }
    },
    async *read(id, start, end) {
      if (end > start) yield* createReadStream(path(id), { start, end: end - 1, highWaterMark: READ_BYTES })
    },
    async delete(id) {
      if (!ID.test(id) || !(await get(id))) return false
      // The words first: bytes without words are nobody's.
      await rm(join(folder, `${id}.json`), { force: true })
      await rm(join(folder, `${id}.series`), { force: true })
      return true
    },
  }
}

let madeSample: SeriesRecord | undefined
function sampleRecord(): SeriesRecord {
  madeSample ??= recordOfSample(sampleSeries())
  return madeSample
}

function recordOfSample(bytes: Uint8Array): SeriesRecord {
  const { times, skipped } = decodeSeries(bytes)
  return {
    ...namesOf(bytes),
    ...{ id: SAMPLE_SERIES, name: 'Sample (synthetic)', points: times.length, skipped, gaps: 0, outOfOrder: 0 },
    ...{ from: times[0]!, to: times[times.length - 1]!, createdAt: SAMPLE_FROM, synthetic: true },
  }
}

function namesOf(bytes: Uint8Array) {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { id: sha256.slice(0, ID_LENGTH), bytes: bytes.length, sha256 }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
