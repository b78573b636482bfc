import type { JobView, Submit } from '../protocol/api.ts'
import { isFinal } from '../protocol/job-status.ts'
import { type Jobs, SYSTEM_SUBMITTER } from './api/jobs.ts'
import type { Log } from './log.ts'
import type { Store } from './store/port.ts'

/** Whatever people asked for goes first. */
const LOWEST_PRIORITY = -10
/** More than there can be: one under way, the last one done, and what a crash left. */
const MOST = 100

/**
 * One systemJob: at most one job of it is under way, and only the last one done is kept, with its result. Both are in the
 * store and nowhere else, so it goes on after a crash. Knows neither kinds nor why somebody wants it.
 */
export interface SystemJob {
  /** Finds what an earlier run left. */
  start(): Promise<void>
  /** The job under way, as it is now. */
  open(): JobView | null
  /** The last job done. */
  done(): JobView | null
  /** Asks the pool for a job; refused while one is under way. */
  ask(request: Pick<Submit, 'kind' | 'params'>): Promise<void>
  /** Sees whether the job under way has ended, and how. Replaced ones and those that came to nothing are removed. */
  look(): Promise<'none' | 'open' | 'done' | 'nothing'>
}

export function createSystemJob({ store, jobs, log }: { store: Store; jobs: Jobs; log: Log }): SystemJob {
  let open: JobView | null = null
  let done: JobView | null = null

  async function all(): Promise<readonly JobView[]> {
    return (await store.jobs({ limit: MOST, submitter: SYSTEM_SUBMITTER })).items.map(jobs.view)
  }

  async function tidy(): Promise<void> {
    for (const { id } of await all()) if (id !== open?.id && id !== done?.id) await jobs.deleteJob(id)
  }

  return {
    async start() {
      const found = await all()
      open = found.find(({ status }) => !isFinal(status)) ?? null
      done = found.find(({ status }) => status === 'done') ?? null
      await tidy()
    },
    open: () => open,
    done: () => done,
    async ask({ kind, params }) {
      if (open) throw new Error(`The system job ${open.id} is still under way`)
      open = await jobs.submit({ kind, params, priority: LOWEST_PRIORITY }, SYSTEM_SUBMITTER)
    },
    async look() {
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
