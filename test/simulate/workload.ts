import type { JobSpec } from '../../coordinator/pool/job.ts'
import type { Trust } from '../../protocol/api.ts'
import type { JobId } from '../../protocol/ids.ts'
import { between, type Chance, mix, oneOf } from './chance.ts'

/** A job of the simulated world: what the pool is told, and what is true of its tasks. */
export interface SimJob {
  readonly number: number
  readonly spec: JobSpec
  /** Milliseconds a laptop's thread needs for a task. */
  costMs(task: number): number
  /** A task that no device survives, or −1. */
  readonly poison: number
}

const KINDS = ['fractal', 'csv', 'btc'] as const
const TRUSTS: readonly Trust[] = ['fast', 'normal', 'normal', 'strict', { maxWrong: 0.05 }]

export interface JobSizes {
  readonly fewest: number
  readonly most: number
  /** Task costs of a job are around a value between these. */
  readonly cheapestMs: number
  readonly dearestMs: number
  /** Share of jobs with a poison task. */
  readonly poisoned: number
  /** Share of jobs for the host alone. */
  readonly hostOnly: number
  /** All jobs of one trust; a mix where absent. */
  readonly trust?: Trust
}

export function simJob(chance: Chance, number: number, sizes: JobSizes, at: number): SimJob {
  const taskCount = Math.max(1, Math.round(sizes.fewest * (sizes.most / sizes.fewest) ** chance()))
  const middle = sizes.cheapestMs * (sizes.dearestMs / sizes.cheapestMs) ** chance()
  // From tasks all alike to a few that take a hundred times as long, as at the edge of a fractal.
  const spread = between(chance, 0, 2)
  const spec: JobSpec = {
    id: `job-${number}` as JobId,
    kind: oneOf(chance, KINDS),
    kernelHash: `kernel-${number % 3}`,
    taskCount,
    priority: chance() < 0.8 ? 0 : Math.floor(between(chance, -10, 11)),
    trust: sizes.trust ?? oneOf(chance, TRUSTS),
    devices: chance() < sizes.hostOnly ? 'host' : 'all',
    submitter: `submitter-${Math.floor(chance() * 3)}`,
    createdAt: at,
  }
  const poison = chance() < sizes.poisoned ? Math.floor(chance() * taskCount) : -1
  return { number, spec, poison, costMs: (task) => middle * 10 ** (spread * (mix(number, task, 9) / 2 ** 32 - 0.5)) }
}
