import { basename, join } from 'node:path'
import type { AnyKind } from '../jobs/define.ts'
import type { JobBrief } from '../protocol/device.ts'
import type { JobId } from '../protocol/ids.ts'
import type { Inputs } from './inputs/inputs.ts'
import type { JobFacts, Kernels } from './kernels.ts'
import type { JobProgress } from './pool/job.ts'
import type { NewJob } from './store/port.ts'

/** Ended jobs stay known for a while: results on their way are answered with what became of the job. */
const ENDED_KEPT = 100

/** A job with what is computed: what the pool need not know and the gateway must. */
export interface KnownJob {
  readonly record: NewJob
  readonly kind: AnyKind
  readonly facts: JobFacts
  readonly brief: JobBrief
}

/** The jobs whose outputs can be priced and whose leases can be lent right now. */
export function createJobRegistry(parts: {
  readonly kinds: readonly AnyKind[]
  readonly kernels: Kernels
  readonly kernelsDir: string
  readonly inputs: Pick<Inputs, 'paths'>
}) {
  const { kinds, kernels, kernelsDir, inputs } = parts
  const known = new Map<JobId, KnownJob>()
  const ended = new Set<JobId>()
  const progress = new Map<JobId, JobProgress>()
  const waiting = new Map<JobId, Set<() => void>>()

  function wake(id: JobId) {
    for (const go of waiting.get(id) ?? []) go()
  }

  return {
    /** Null when this pool cannot compute its kind. */
    add(record: NewJob): KnownJob | null {
      const kind = kinds.find((one) => one.id === record.kind)
      const kernel = kernels[record.kind]
      if (!kind || !kernel) return null
      const { id, title, params } = record
      const kernelFile = join(kernelsDir, basename(kernel.url))
      const job: KnownJob = {
        record,
        kind,
        facts: { job: id, kind: kind.id, params, kernelFile, input: inputs.paths(kind, record) },
        brief: { id, kind: kind.id, title, params, kernel },
      }
      known.set(id, job)
      return job
    },
    get: (id: JobId) => known.get(id),
    /** What is durable of a job: the pool itself is ahead of the disk. */
    saved(now: JobProgress) {
      progress.set(now.id, now)
    },
    progress: (id: JobId) => progress.get(id),
    ended(id: JobId) {
      ended.add(id)
      wake(id)
      for (const oldest of ended) {
        if (ended.size <= ENDED_KEPT) break
        ended.delete(oldest)
        known.delete(oldest)
        progress.delete(oldest)
      }
    },
    /** Resolves once the job has ended or is no longer known, at the latest after `ms`. */
    ending(id: JobId, ms: number): Promise<void> {
      if (ended.has(id) || !known.has(id)) return Promise.resolve()
      const here = waiting.get(id) ?? new Set()
      waiting.set(id, here)
      return new Promise((resolve) => {
        const go = () => {
          clearTimeout(timer)
          here.delete(go)
          if (here.size === 0) waiting.delete(id)
          resolve()
        }
        const timer = setTimeout(go, ms).unref()
        here.add(go)
      })
    },
    forget(id: JobId) {
      ended.delete(id)
      known.delete(id)
      progress.delete(id)
      wake(id)
    },
  }
}
export type JobRegistry = ReturnType<typeof createJobRegistry>
