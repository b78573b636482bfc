import type { Explanation } from '../../protocol/api.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import type { Change, Effect } from './effects.ts'
import type { PoolEvent } from './events.ts'
import type { DeviceProgress, JobProgress, JobSpec } from './job.ts'

/** What the store gives back at a start: every job that is not final, with what was decided about it so far. */
export interface Snapshot {
  readonly jobs: readonly RestoredJob[]
}

export interface RestoredJob {
  readonly spec: JobSpec
  readonly progress: JobProgress
  /** `resultKept` (ref is meaningless), `tasksDecided`, `tasksValidated`, `resultsRevoked`, `attemptCounted` of this job, in commit order. */
  readonly history: Iterable<Change>
  /** Whose device each result in `history` came from. */
  readonly volunteerOf: (device: DeviceId) => VolunteerId
}

export interface PoolOptions {
  /** Seed of the pool's generator: same seed, same events, same effects. */
  readonly seed: number
  /** 128-bit secret for the audit draw; kept in the data folder so that a restart repeats it. */
  readonly auditKey: Uint8Array
  /** Makes lease ids of this run differ from those of every other run. */
  readonly run: string
  /** Largest share of independent volunteers that may collude, for `strict` and `maxWrong`. */
  readonly colluding: number
}

export interface Pool {
  /** The one way in. Never throws for anything a device can cause; a broken invariant throws with its log. */
  handle(event: PoolEvent): readonly Effect[]
  job(id: JobId): JobProgress | undefined
  jobs(): readonly JobProgress[]
  device(id: DeviceId): DeviceProgress | undefined
  devices(): readonly DeviceProgress[]
  /** Recent events and the reason in words; since the last restart. */
  explain(
    subject: { readonly job: JobId; readonly task?: number } | { readonly device: DeviceId },
  ): Explanation | undefined
}
