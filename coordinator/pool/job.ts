import type { Trust } from '../../protocol/api.ts'
import type { DeviceId, JobId, JobStatus, LeaseId, VolunteerId } from '../../protocol/ids.ts'

// What the pool knows of jobs, leases and devices: plain data, no bytes, no params.

/** A job as the scheduler sees it. What is computed and with which params is none of its business. */
export interface JobSpec {
  readonly id: JobId
  readonly kind: string
  /** Kernel a result must come from. */
  readonly kernelHash: string
  readonly taskCount: number
  readonly priority: number
  readonly trust: Trust
  readonly devices: 'all' | 'host'
  /** Who asked: equal submitters share devices equally. */
  readonly submitter: string
  readonly createdAt: number
  /** At most this many tasks in one lease, so that what they read fits a phone; absent: no bound of the job's own. */
  readonly leaseTasks?: number
}

/** What a lease token says, signed by the coordinator. */
export interface LeaseClaims {
  readonly lease: LeaseId
  readonly job: JobId
  readonly from: number
  readonly to: number
  readonly device: DeviceId
  readonly issuedAt: number
  readonly kernelHash: string
}

/** A device on which a task failed while it was lent alone. */
export interface AloneFailure {
  readonly device: DeviceId
  /** Whose word the device's results are, and where it was. */
  readonly voter: string
  readonly network: string
  readonly times: number
}

/** What is remembered of a device between connections and restarts. */
export interface Reputation {
  /** Leases of this device whose every task was validated; a newcomer has few. */
  readonly checkedLeases: number
  readonly agreements: number
  readonly disagreements: number
  readonly failuresInRow: number
  /** Why the device was paused, in words; null while it may work. */
  readonly pausedBecause: string | null
  /** Measured compute milliseconds per credit, by kind. */
  readonly msPerCredit: Readonly<Record<string, number>>
}

/** What pages, metrics and the gateway may see of a job that the pool holds. */
export interface JobProgress {
  readonly id: JobId
  readonly status: JobStatus
  readonly priority: number
  readonly tasksDone: number
  readonly taskCount: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly error: string | null
  readonly waiting: string | null
  readonly unchecked: number
  readonly credit: number
  readonly pendingCredit: number
  readonly overhead: { readonly expected: number; readonly measured: number }
  /** Estimated from the devices' measured speeds; null while unknown. */
  readonly secondsLeft: number | null
}

export interface DeviceProgress {
  readonly id: DeviceId
  readonly volunteer: VolunteerId
  readonly threads: number
  readonly leases: number
  readonly pendingCredit: number
  readonly state: 'working' | 'idle' | 'paused'
  /** Relative to the median of the connected devices; 0 while unknown. */
  readonly speed: number
  readonly reputation: Reputation
}
