import type { DeviceId, JobStatus, LeaseId, VolunteerId } from '../../protocol/ids.ts'
import type { EventLog } from './event-log.ts'
import type { Intervals } from './intervals.ts'
import type { AloneFailure, JobProgress, JobSpec, LeaseClaims, Reputation } from './job.ts'
import type { Tasks } from './tasks.ts'

// What the pool knows of a job that is not over, down to the single task, and of a device.

export interface Job {
  readonly spec: JobSpec
  priority: number
  status: JobStatus
  startedAt: number | null
  finishedAt: number | null
  error: string | null
  waiting: string | null
  /** Agreeing independent results that decide a task that is checked. */
  readonly agree: number
  /** The admin takes what nobody independent is here to check. */
  takesUnchecked: boolean
  readonly audited: (task: number) => boolean
  readonly tasks: Tasks
  /** Tasks without result that nobody is computing. */
  readonly open: Intervals
  /** Tasks waiting for more opinions. */
  readonly cases: Map<number, Case>
  /** Cases to lend, by who may not have them. */
  readonly wanted: Map<string, Bucket>
  readonly wantedList: Bucket[]
  readonly leases: Set<Lease>
  /** Tasks that failed before. */
  readonly attempts: Map<number, Attempts>
  /** Who failed tasks alone that have a result now which does not count yet. */
  readonly suspects: Map<number, readonly AloneFailure[]>
  readonly contributors: Contributor[]
  readonly contributorOf: Map<DeviceId, Contributor>
  decided: number
  /** Tasks with results of which none decides. */
  undecided: number
  unchecked: number
  credit: number
  pendingCredit: number
  /** Results counted, replicas included. */
  results: number
  /** Measured milliseconds of a typical device per task. */
  readonly cost: Rate
  /** Durations of the last leases, a ring. */
  readonly durations: number[]
  durationAt: number
  p90Ms: number | null
  /** Decided tasks per second, smoothed; and where the smoothing stands. */
  pace: number | null
  paceAt: number
  paceDecided: number
  /** Leases that need help most, slowest first, and when they were looked up. */
  slow: Lease[]
  slowAt: number
  used: number
  /** As last told. */
  told: JobProgress | null
  readonly log: EventLog
}

export interface Counted {
  readonly strength: number
  readonly host: boolean
  readonly known: boolean
  readonly volunteer: VolunteerId
  readonly network: string
}

export interface Device {
  readonly id: DeviceId
  /** Whose it is now; what it earned before stays where it went. */
  volunteer: VolunteerId
  network: string
  threads: number
  host: boolean
  connected: boolean
  /** The owner lets it work. */
  working: boolean
  reputation: Reputation
  /** Leases it asked for and did not get yet. */
  room: number
  /** In-flight leases it may have. */
  cap: number
  readonly leases: Set<Lease>
  /** Leases that may still come back with it. */
  readonly losses: Map<LeaseId, Loss>
  /** Compute milliseconds per credit, by kind. */
  readonly rates: Map<string, Rate>
  /** Speed relative to typical, per thread. */
  pace: number
  /** What of it is counted in the pool's sums. */
  counted: Counted | null
  signAt: number
  failedAt: number
  /** The host's clock when it was last caught lying. */
  caughtAt: number
  pendingCredit: number
  /** First leases under check. */
  probations: number
  /** Reason last given for being idle. */
  idle: string | null
  leftAt: number
  readonly contributes: Set<Job>
  /** Reputation as last saved, and when. */
  saved: Reputation
  savedAt: number
  readonly log: EventLog
}

/** Key of `pairs`. */
export function pairOf(volunteer: string, network: string): string {
  return `${volunteer} ${network}`
}

/** What a device did in a job. */
export interface Contributor {
  readonly index: number
  readonly device: Device
  /** Who is paid for its latest results. */
  volunteer: VolunteerId
  /** Tasks whose results it returned for volunteers it belonged to before. */
  readonly earlier: Map<VolunteerId, Intervals>
  /** Tasks decided by its word. */
  decided: number
  /** Tasks it was paid for because it agreed with the deciding output. */
  readonly agreed: Intervals
  /** Tasks for which its result is kept and undecided. */
  readonly pending: Intervals
  /** Caught lying while this job ran. */
  distrusted: boolean
  /** Length of its last lease. */
  lastLength: number
}

/** A result that is kept but decides nothing yet. */
export interface Opinion {
  readonly by: Contributor
  readonly high: number
  readonly low: number
  readonly price: number
  readonly ms: number
  readonly probation: Probation | null
  /** Its bytes are kept, and may decide the task. True of at most one opinion on a task. */
  bytes: boolean
}

/** A task that needs more opinions; if it is already decided, the deciding output is one more. */
export interface Case {
  readonly opinions: Opinion[]
  /** Leases that will bring another. */
  readonly flight: Lease[]
  bucket: Bucket | null
}

export interface Bucket {
  readonly key: string
  /** Whose word the tasks have or will have. */
  readonly by: readonly Contributor[]
  readonly tasks: Intervals
  /** Before fresh work; others only when nothing fresh is left. */
  readonly urgent: boolean
  readonly since: number
  /** Place in `wantedList`. */
  place: number
}

export interface Attempts {
  count: number
  /** Devices on which it failed alone. */
  alone: readonly AloneFailure[]
  message: string
  /** Pool time of the last failure. */
  since: number
}

/** One of a newcomer's first leases: when all it returned is validated, it counts. */
export interface Probation {
  readonly device: Device
  open: number
  failed: boolean
  /** The lease is over. */
  closed: boolean
  validated: number
  /** It has been counted. */
  done: boolean
}

export type LeaseReason = 'fresh' | 'check' | 'alone' | 'again' | 'kept'

export interface Lease {
  readonly claims: LeaseClaims
  readonly job: Job
  readonly device: Device
  readonly why: LeaseReason
  /** Tasks not returned yet. */
  readonly remaining: Intervals
  readonly issuedAt: number
  /** Its age counts from here: a lease that came back with its device is no younger for that. */
  readonly agesFrom: number
  readonly expectedMs: number
  /** Last sign of the worker being on this lease; null while it waits its turn. */
  touchedAt: number | null
  /** Furthest point the worker reported, task + share of it. */
  reached: number
  /** Pool time when the worker last came further. */
  grownAt: number
  /** Pool time of its last result, or when it was begun. */
  landedAt: number
  /** First unfinished task the worker reported. */
  task: number | null
  deadline: number
  slot: number
  /** The other lease of the same tasks. */
  partner: Lease | null
  /** Part of it was lent a second time. */
  shared: boolean
  probation: Probation | null
  ended: boolean
}

export interface Loss {
  readonly lease: Lease
  readonly task: number
  slot: number
}

/** A decaying average: amount per weight. */
export interface Rate {
  amount: number
  weight: number
}

export function isOver(status: JobStatus): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled'
}

export function rateOf(rate: Rate): number | null {
  return rate.weight > 0 ? rate.amount / rate.weight : null
}
