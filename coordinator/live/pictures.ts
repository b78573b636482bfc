import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import type { HeldResult } from '../committer/batch.ts'
import type { JobRegistry, KnownJob } from '../job-registry.ts'
import type { Log } from '../log.ts'
import type { Packed, Tile } from '../outputs/messages.ts'
import { pack } from '../outputs/pack.ts'
import type { Thread } from '../outputs/thread.ts'
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

/** Growing previews of jobs whose result is a picture; painted in a worker thread, only while somebody looks. */
export interface Pictures {
  /** The picture so far as a PNG; undefined where the job has none. */
  preview(job: KnownJob): Promise<Uint8Array<ArrayBuffer> | undefined>
  accepted(run: Accepted, held: HeldResult | undefined): void
  revoked(job: JobId, from: number, to: number): void
  forget(job: JobId): void
}

interface Entry {
  readonly job: KnownJob
  /** Everything that was accepted when somebody first looked is painted. */
  ready: Promise<void>
}

export function createPictures(parts: {
  thread: Thread
  store: Pick<Store, 'decided' | 'outputs'>
  registry: Pick<JobRegistry, 'get'>
  log: Log
  /** Somebody wants the pieces of this job one by one. */
  watched(job: JobId): boolean
  landed(run: Accepted, tiles: readonly Tile[]): void
}): Pictures {
  const { thread, store, log } = parts
  const entries = new Map<JobId, Entry>()

  function paint(job: KnownJob, from: number, packed: Packed, tiles: boolean) {
    return thread.ask({ type: 'paint', facts: job.facts, from, packed, tiles }, [packed.bytes])
  }

  /** Reads accepted outputs of a run and paints them, a pack at a time. */
  async function paintStored(job: KnownJob, from: number, to: number, landed: (tiles: readonly Tile[]) => void) {
    let some: Uint8Array[] = []
    let bytes = 0
    let start = from
    const flush = async () => {
      if (some.length === 0) return
      const packed = pack(some)
      const count = some.length
      some = []
      bytes = 0
      landed(await paint(job, start, packed, true))
      start += count
    }
    for await (const output of store.outputs(job.record.id, from, to)) {
      some.push(output)
      bytes += output.length
      if (bytes >= PACK_BYTES) await flush()
    }
    await flush()
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
    if (entries.delete(job)) thread.ask({ type: 'forget', job }).catch(() => {})
  }

  return {
    async preview(job) {
      if (!job.kind.picture) return undefined
      await open(job).ready
      return thread.ask({ type: 'snapshot', facts: job.facts })
    },
    accepted(run, held) {
      const entry = entries.get(run.job)
      if (!entry) return
      const land = (tiles: readonly Tile[]) => parts.landed(run, tiles)
      const failed = (error: Error) => {
        log.warn({ err: error, job: run.job }, 'a tile could not be painted')
        forget(run.job)
      }
      if (held && held.outputs.length > 0 && thread.waiting < WAITING) {
        const outputs = held.outputs.slice(run.from - held.from, run.to - held.from)
        paint(entry.job, run.from, pack(outputs), parts.watched(run.job)).then(land, failed)
        return
      }
      entry.ready = entry.ready.then(() => paintStored(entry.job, run.from, run.to, land))
      entry.ready.catch(failed)
    },
    revoked(job, from, to) {
      const entry = entries.get(job)
      if (entry) thread.ask({ type: 'clear', facts: entry.job.facts, from, to }).catch(() => forget(job))
    },
    forget,
  }
}
