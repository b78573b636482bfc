import { isDeepStrictEqual } from 'node:util'
import type { AnyKind } from '../jobs/define.ts'
import type { DeviceId } from '../protocol/ids.ts'
import { type Jobs, SYSTEM_SUBMITTER } from './api/jobs.ts'
import type { Identity } from './devices/identity.ts'
import type { Log } from './log.ts'
import type { Store } from './store/port.ts'

const SUBMITTER = 'sample'
const LOWEST_PRIORITY = -10
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
