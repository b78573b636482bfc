import { isDeepStrictEqual } from 'node:util'
import type { AnyKind } from '../jobs/define.ts'
import type { JobView, Submit } from '../protocol/api.ts'
import { type DeviceId, isFinal } from '../protocol/ids.ts'
import { type Jobs, SYSTEM_SUBMITTER } from './api/jobs.ts'
import type { Identity } from './devices/identity.ts'
import type { Log } from './log.ts'
import type { Store } from './store/port.ts'

// The jobs that the pool gives itself: system jobs, which applications ask for, and samples.

/** Whatever people asked for goes first. */
const LOWEST_PRIORITY = -10
/** Of system jobs more than there can be: one under way, the last one done, and what a crash left. */
const MOST = 100

/**
 * One system job: at most one job of it is under way, and only the last one done is kept, with its result. Both are in the
 * store and nowhere else, so it goes on after a crash. Knows neither kinds nor why somebody wants it.
 */
export function createSystemJob({ store, jobs, log }: { store: Store; jobs: Jobs; log: Log }) {
  let open: JobView | null = null
  let done: JobView | null = null

  async function all(): Promise<readonly JobView[]> {
    return (await store.jobs({ limit: MOST, submitter: SYSTEM_SUBMITTER })).items.map(jobs.view)
  }

  async function tidy(): Promise<void> {
    for (const { id } of await all()) if (id !== open?.id && id !== done?.id) await jobs.deleteJob(id)
  }

  return {
    /** Finds what an earlier run left. */
    async start() {
      const found = await all()
      open = found.find(({ status }) => !isFinal(status)) ?? null
      done = found.find(({ status }) => status === 'done') ?? null
      await tidy()
    },
    /** The job under way, as it is now. */
    open: () => open,
    /** The last job done. */
    done: () => done,
    /** Asks the pool for a job; refused while one is under way. */
    async ask({ kind, params }: Pick<Submit, 'kind' | 'params'>) {
      if (open) throw new Error(`The system job ${open.id} is still under way`)
      open = await jobs.submit({ kind, params, priority: LOWEST_PRIORITY }, SYSTEM_SUBMITTER)
    },
    /** Sees whether the job under way has ended, and how. Replaced ones and those that came to nothing are removed. */
    async look(): Promise<'none' | 'open' | 'done' | 'nothing'> {
      if (!open) return 'none'
      const { id } = open
      const now = await jobs.look(id).catch((error: Error & { status?: number }) => {
        // Somebody deleted it.
        if (error.status === 404) return null
        throw error
      })
      if (now && !isFinal(now.status)) {
        open = now
        return 'open'
      }
      open = null
      if (now?.status === 'done') done = now
      else log.warn({ job: id, status: now?.status, error: now?.error }, 'a system job came to nothing')
      await tidy()
      return now?.status === 'done' ? 'done' : 'nothing'
    },
  }
}
export type SystemJob = ReturnType<typeof createSystemJob>

/** Who asks for a sample. */
const SUBMITTER = 'sample'
/** A device that was here this recently has only lost its connection; nobody pressed Start. */
const AWAY_MS = 60_000
/** How far back the last sample is looked for. */
const LOOK_BACK = 500
const GOODBYES_KEPT = 10_000

/** Pictures computed so that there is something to see: one at the first start, one more when somebody comes to rest. */
export function createSamples(parts: {
  enabled: boolean
  kinds: readonly AnyKind[]
  store: Store
  jobs: Jobs
  log: Log
}) {
  const { enabled, kinds, store, jobs, log } = parts
  const kind = kinds.find(({ picture, gallery }) => picture && gallery.length > 0)
  const goodbyes = new Set<DeviceId>()
  let submitting = false

  async function submit(index: number, priority: number) {
    if (!kind) return
    const { params } = kind.gallery[index % kind.gallery.length]!
    const job = await jobs.submit({ kind: kind.id, params, priority }, SUBMITTER)
    log.info({ job: job.id, title: job.title }, 'sample submitted')
  }

  /** The one after the last sample there was. */
  async function nextIndex(): Promise<number> {
    const { items } = await store.jobs({ limit: LOOK_BACK, but: SYSTEM_SUBMITTER })
    const last = items.find((job) => job.submitter === SUBMITTER)
    if (!kind || !last) return 0
    return kind.gallery.findIndex(({ params }) => isDeepStrictEqual(kind.schema.parse(params), last.params)) + 1
  }

  async function once(what: () => Promise<void>) {
    if (!enabled || !kind || submitting) return
    submitting = true
    await what().catch((error) => log.warn({ err: error }, 'no sample could be submitted'))
    submitting = false
  }

  return {
    /** Its return will be a Start of its own, however soon. */
    saidGoodbye(device: DeviceId) {
      goodbyes.add(device)
      if (goodbyes.size > GOODBYES_KEPT) goodbyes.delete(goodbyes.values().next().value!)
    },
    firstStart: () =>
      once(async () => {
        if ((await store.jobs({ limit: 1, but: SYSTEM_SUBMITTER })).items.length === 0) await submit(0, 0)
      }),
    /** Somebody pressed Start. With nothing queued, their own tiles should appear all the same. */
    joined: (identity: Identity, host: boolean) =>
      once(async () => {
        const { lastSeenAt } = identity
        const started = lastSeenAt === null || goodbyes.delete(identity.device.id) || Date.now() - lastSeenAt > AWAY_MS
        const busy = jobs.asked()?.some(({ status }) => status === 'queued' || status === 'running') ?? true
        if (!host && started && !busy) await submit(await nextIndex(), LOWEST_PRIORITY)
      }),
  }
}
export type Samples = ReturnType<typeof createSamples>
