import type { RejectReason, Verdict } from '../../protocol/device.ts'
import type { DeviceId, JobId, LeaseId, VolunteerId } from '../../protocol/ids.ts'
import type { ResultRef } from './events.ts'
import type { AloneFailure, JobProgress, LeaseClaims, Reputation } from './job.ts'

/** The tasks `[from, to)` of a job. */
interface TaskRange {
  readonly job: JobId
  readonly from: number
  readonly to: number
}

/** What the pool wants done. The gateway performs effects in order; those marked durable only after the commit that holds their changes. */
export type Effect =
  /** At once: leases are not stored. */
  | { readonly type: 'lend'; readonly device: DeviceId; readonly claims: LeaseClaims; readonly deadlineMs: number }
  /** At once: the device may drop this lease. */
  | { readonly type: 'release'; readonly device: DeviceId; readonly claims: LeaseClaims; readonly reason: string }
  /** With the next commit. */
  | { readonly type: 'save'; readonly changes: readonly Change[] }
  /** Durable. Answers the result message `ref`, runs in task order. */
  | {
      readonly type: 'acknowledge'
      readonly device: DeviceId
      readonly ref: ResultRef
      readonly runs: readonly VerdictRun[]
    }
  /** At once: words for the person at the device. */
  | {
      readonly type: 'tell'
      readonly device: DeviceId
      readonly level: 'info' | 'warn' | 'error'
      readonly text: string
    }
  /** At once: nothing to lend to this device now, and why. Once per reason, until something is lent. */
  | { readonly type: 'idle'; readonly device: DeviceId; readonly because: string }
  /** At once: the pool paused or resumed this device. */
  | { readonly type: 'devicePaused'; readonly device: DeviceId; readonly paused: boolean; readonly because: string }
  /** Durable. A job's status or progress is new; at most one per job and event. */
  | { readonly type: 'jobChanged'; readonly job: JobProgress }
  /** Durable. These tasks have a new deciding output: pictures and viewers want to know. */
  | (TaskRange & {
      readonly type: 'taskAccepted'
      readonly device: DeviceId
      readonly volunteer: VolunteerId
      readonly ref: ResultRef | null
    })
  /** Durable. These tasks are open again. */
  | (TaskRange & { readonly type: 'taskRevoked' })

export interface VerdictRun {
  readonly from: number
  readonly to: number
  readonly verdict: Verdict
}

/**
 * What a commit makes durable, in order. A result run is written once with the state it had on arrival; what becomes of it
 * later (validated, overruled, revoked) are decisions that follow it. Replaying runs and decisions in order rebuilds a job.
 */
export type Change =
  | { readonly type: 'jobChanged'; readonly job: JobProgress }
  | (TaskRange & {
      readonly type: 'resultKept'
      readonly device: DeviceId
      readonly volunteer: VolunteerId
      /**
       * `accepted`: decides its tasks now. `pending`: waits for others; its bytes take the place of those of other undecided
       * results. `noted`: waits for others, without bytes. `agreed`: equals the deciding output, whose bytes are there.
       */
      readonly state: 'accepted' | 'pending' | 'noted' | 'agreed'
      /** Views into the event's arrays for exactly these tasks. */
      readonly prices: Uint32Array
      readonly digests: Uint32Array
      readonly ref: ResultRef
    })
  | (TaskRange & {
      /** Pending results of `device` for these tasks now decide them. */
      readonly type: 'tasksDecided'
      readonly device: DeviceId
      readonly how: 'agreed' | 'host' | 'unchecked' | 'trusted'
    })
  /** The tasks' accepted output is also vouched for by an independent replica. */
  | (TaskRange & { readonly type: 'tasksValidated' })
  /** Results of `device` for these tasks no longer count (caught lying, overruled); accepted ones are open again. */
  | (TaskRange & {
      readonly type: 'resultsRevoked'
      readonly device: DeviceId
      readonly because: string
    })
  /** A ledger line; lines of one commit with the same (volunteer, device, job, day) may be added up. */
  | {
      readonly type: 'credited'
      readonly volunteer: VolunteerId
      readonly device: DeviceId
      readonly job: JobId
      /** UTC day of the commit's time, YYYY-MM-DD. */
      readonly day: string
      readonly tasks: number
      /** Negative for revocations. */
      readonly credit: number
      readonly computeMs: number
    }
  | {
      readonly type: 'attemptCounted'
      readonly job: JobId
      readonly task: number
      readonly attempts: number
      readonly alone: readonly AloneFailure[]
      readonly message: string
    }
  | { readonly type: 'reputationChanged'; readonly device: DeviceId; readonly reputation: Reputation }
  /** Finished jobs that rest on this device's word alone become `doubted`. */
  | { readonly type: 'deviceDistrusted'; readonly device: DeviceId; readonly at: number; readonly because: string }
  /** A result that did not count, for the question "why?". */
  | (TaskRange & {
      readonly type: 'resultRefused'
      readonly device: DeviceId
      readonly lease: LeaseId
      readonly reason: RejectReason
      readonly message: string
    })
