import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import type { HeldResult } from '../committer/queue.ts'
import type { JobRegistry, KnownJob } from '../job-registry.ts'
import type { Log } from '../log.ts'
import type { Tile } from '../outputs/canvas.ts'
import { pack, packs } from '../outputs/measure.ts'
import type { OutputThread } from '../outputs/threads.ts'
import type { Store } from '../store/port.ts'

/** Previews kept growing, 4 MB each at most. The one least lately looked at is painted anew when it is asked for again. */
const CANVASES = 8
/** Paint requests under way; beyond it pieces are painted later, from the store. */
const WAITING = 64
const PACK_BYTES = 1024 * 1024

export interface Accepted {
  readonly job: JobId
  readonly from: number
  readonly to: number
  readonly device: DeviceId
  readonly volunteer: VolunteerId
}

interface Entry {
  readonly job: KnownJob
  /** Everything that was accepted when somebody first looked is painted. */
  ready: Promise<void>
}

/** Growing previews of jobs whose result is a picture; painted in a worker thread, only while somebody looks. */
export function createPictures(parts: {
  thread: OutputThread
  store: Pick<Store, 'decided' | 'outputs'>
  registry: Pick<JobRegistry, 'get'>
  log: Log
  /** Somebody wants the pieces of this job one by one. */
  watched(job: JobId): boolean
  landed(run: Accepted, tiles: readonly Tile[]): void
}) {
  const { thread, store, log } = parts
  const entries = new Map<JobId, Entry>()

  /** Reads accepted outputs of a run and paints them, a pack at a time. */
  async function paintStored(job: KnownJob, from: number, to: number, landed: (tiles: readonly Tile[]) => void) {
    let start = from
    for await (const packed of packs(store.outputs(job.record.id, from, to), PACK_BYTES)) {
      const count = packed.lengths.length
      landed(await thread.call.paint(job.facts, start, packed, true))
      start += count
    }
  }

  function open(job: KnownJob): Entry {
    const { id } = job.record
    const known = entries.get(id)
    if (known) {
      entries.delete(id)
      entries.set(id, known)
      return known
    }
    const entry: Entry = { job, ready: Promise.resolve() }
    entries.set(id, entry)
    entry.ready = (async () => {
      for (const { from, to } of await store.decided(id)) {
        if (!entries.has(id)) return
        await paintStored(job, from, to, () => {})
      }
    })()
    entry.ready.catch((error) => {
      log.warn({ err: error, job: id }, 'a preview could not be painted')
      forget(id)
    })
    for (const oldest of entries.keys()) {
      if (entries.size <= CANVASES) break
      forget(oldest)
    }
    return entry
  }

  function forget(job: JobId) {
    if (entries.delete(job)) thread.call.forget(job).catch(() => {})
  }

  return {
    /** The picture so far as a PNG; undefined where the job has none. */
    async preview(job: KnownJob): Promise<Uint8Array<ArrayBuffer> | undefined> {
      if (!job.kind.picture) return undefined
      await open(job).ready
      return thread.call.snapshot(job.facts)
    },
    accepted(run: Accepted, held: HeldResult | undefined) {
      const entry = entries.get(run.job)
      if (!entry) return
      const land = (tiles: readonly Tile[]) => parts.landed(run, tiles)
      const failed = (error: Error) => {
        log.warn({ err: error, job: run.job }, 'a tile could not be painted')
        forget(run.job)
      }
      if (held && held.outputs.length > 0 && thread.waiting < WAITING) {
        const outputs = held.outputs.slice(run.from - held.from, run.to - held.from)
        thread.call.paint(entry.job.facts, run.from, pack(outputs), parts.watched(run.job)).then(land, failed)
        return
      }
      entry.ready = entry.ready.then(() => paintStored(entry.job, run.from, run.to, land))
      entry.ready.catch(failed)
    },
    revoked(job: JobId, from: number, to: number) {
      const entry = entries.get(job)
      if (entry) thread.call.clear(entry.job.facts, from, to).catch(() => forget(job))
    },
    forget,
  }
}
export type Pictures = ReturnType<typeof createPictures>
