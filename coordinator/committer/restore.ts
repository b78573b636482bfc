import { randomBytes } from 'node:crypto'
import type { JobRegistry, KnownJob } from '../job-registry.ts'
import type { Log } from '../log.ts'
import type { Pool, RestoredJob, Snapshot } from '../pool/pool.ts'
import type { PoolOptions } from '../pool/state.ts'
import type { Store } from '../store/port.ts'

export type CreatePool = (options: PoolOptions, snapshot: Snapshot, at: number) => Pool

/** Largest share of independent volunteers that are taken to collude, for `strict` and `maxWrong`. */
const COLLUDING = 0.1

/** Builds the pool from what is stored: at the start, and again after a commit that failed. */
export function createRestore(parts: {
  store: Store
  registry: JobRegistry
  /** Tasks that one lease of this job may hold. */
  boundOf(job: KnownJob): { leaseTasks?: number }
  auditKey: Uint8Array
  createPool: CreatePool
  log: Log
}) {
  const { store, registry, auditKey, createPool, log } = parts

  /**
   * A kernel built anew computes the same bits, so a job in flight keeps what was accepted and goes on with the kernel
   * there is; results of the old one that are still under way are outdated. Jobs of a kind unknown here wait in the store.
   */
  async function known(jobs: readonly RestoredJob[]): Promise<RestoredJob[]> {
    const restored: RestoredJob[] = []
    for (const job of jobs) {
      const record = await store.job(job.spec.id)
      const added = record && registry.add(record)
      if (added)
        restored.push({ ...job, spec: { ...job.spec, ...parts.boundOf(added), kernelHash: added.brief.kernel.hash } })
      else log.warn({ job: job.spec.id, kind: job.spec.kind }, 'a job of a kind that this pool does not know waits')
    }
    return restored
  }

  return async (): Promise<Pool> => {
    const snapshot = await store.load()
    const options: PoolOptions = {
      seed: randomBytes(4).readUInt32LE(0),
      auditKey,
      run: randomBytes(6).toString('hex'),
      colluding: COLLUDING,
    }
    const pool = createPool(options, { jobs: await known(snapshot.jobs) }, Date.now())
    // Nothing has happened to it yet: what it says of its jobs is what is stored.
    for (const job of pool.jobs()) registry.saved(job)
    return pool
  }
}
