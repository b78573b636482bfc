import type { DeviceId, JobId, LeaseId, VolunteerId } from '../../protocol/ids.ts'
import type { Clock, Wheel } from './clock.ts'
import type { Change, Effect } from './effects.ts'
import type { EventLog } from './event-log.ts'
import type { JobProgress } from './job.ts'
import type { Device, Job, Lease, Loss, Probation, Rate } from './job-state.ts'
import type { Random } from './random.ts'

// Everything the pool knows. Plain data; the verbs live in the other files.

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

export interface PoolState {
  readonly options: PoolOptions
  readonly clock: Clock
  readonly startedAt: number
  readonly random: Random
  /** Jobs that are not over. */
  readonly jobs: Map<JobId, Job>
  /** The last jobs that are over, for late messages and questions. */
  readonly finished: Map<JobId, Finished>
  /** Jobs by priority, highest first. */
  readonly levels: Level[]
  /** Devices that are connected, left less than a minute ago, or named by a job that is not over. */
  readonly devices: Map<DeviceId, Device>
  /** Devices with room for more, in the order they will be served. */
  readonly waiting: Set<Device>
  /** Working devices by volunteer, and by network. */
  readonly volunteers: Map<string, number>
  readonly networks: Map<string, number>
  /** Working devices by both. */
  readonly pairs: Map<string, number>
  readonly leases: Map<LeaseId, Lease>
  readonly deadlines: Wheel<Lease>
  /** Leases of devices that vanished, until the minute is over in which they may come back. */
  readonly losses: Wheel<Loss>
  readonly kinds: Map<string, Rate>
  /** Working devices. */
  workers: number
  hostWorkers: number
  /** Those of them that are past their first leases. */
  known: number
  /** Σ threads × speed of working devices. */
  strength: number
  hostStrength: number
  leaseCounter: number
  /** Middle speed of the connected devices, credit per millisecond relative to their kind's typical; 0 while unknown. */
  medianPace: number
  // What the event at hand has caused so far.
  effects: Effect[]
  changes: Change[]
  readonly lines: Line[]
  readonly dirty: Set<Job>
  /** Jobs whose row must be written. */
  readonly newStatus: Set<Job>
  /** Devices whose reputation is not saved as it is: now, and with the next tick. */
  readonly urgentReputations: Set<Device>
  readonly changedStandings: Set<Device>
  /** Newcomers' leases of which something was validated. */
  readonly probations: Set<Probation>
  /** Devices found lying during this event, and the sentence why. */
  readonly caught: Map<Device, string>
  /** Something became available that a waiting device may take. */
  stirred: boolean
  /** Time passed: what was put off is saved. */
  ticking: boolean
}

export interface Line {
  readonly device: Device
  readonly volunteer: VolunteerId
  readonly job: JobId
  tasks: number
  credit: number
  computeMs: number
}

/** Jobs of one priority share devices equally between submitters, then between a submitter's jobs. */
export interface Level {
  readonly priority: number
  readonly submitters: Map<string, Submitter>
  /** Virtual time: where those stand who were served last. A newcomer starts here. */
  served: number
}

export interface Submitter {
  readonly jobs: Set<Job>
  /** Device time lent so far, milliseconds, never far behind the level's. */
  used: number
  served: number
}

export interface Finished {
  readonly progress: JobProgress
  readonly log: EventLog
}

export function canWork(device: Device): boolean {
  return device.connected && device.working && device.reputation.pausedBecause === null
}

/** A bug in the pool: the story goes with it, because the process ends here. */
export function broken(promise: string, story: Record<string, unknown>): never {
  throw new Error(`Broken invariant: ${promise} ${JSON.stringify(story)}`)
}
