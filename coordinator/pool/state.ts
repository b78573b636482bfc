import type { JobStatus } from '../../protocol/api.ts'
import type { DeviceId, JobId, LeaseId, VolunteerId } from '../../protocol/ids.ts'
import type { Clock } from './clock.ts'
import type { Change, Effect } from './effects.ts'
import type { Intervals } from './intervals.ts'
import type { JobProgress, JobSpec, LeaseClaims, Standing } from './job.ts'
import type { PoolOptions } from './port.ts'
import type { Random } from './random.ts'
import type { Story } from './story.ts'
import type { Tasks } from './tasks.ts'
import type { Wheel } from './wheel.ts'

// Everything the pool knows. Plain data; the verbs live in the other files.

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
  /** Working devices by the voice they count as, and by network. */
  readonly voices: Map<string, number>
  readonly networks: Map<string, number>
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
  readonly lines: Map<string, Line>
  readonly dirty: Set<Job>
  /** Jobs whose row must be written. */
  readonly newStatus: Set<Job>
  /** Devices whose standing is not saved as it is. */
  readonly changedStandings: Set<Device>
  /** Newcomers' leases of which something was validated. */
  readonly probed: Set<Probe>
  /** Devices found lying during this event, and the sentence why. */
  readonly caught: Map<Device, string>
  /** Something became available that a waiting device may take. */
  stirred: boolean
  /** Time passed: what was put off is saved. */
  ticking: boolean
}

export interface Line {
  readonly device: Device
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
  readonly story: Story
}

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
  /** Leases worth lending a second time, best first; looked up once a second. */
  slow: Lease[]
  used: number
  /** As last told. */
  told: JobProgress | null
  readonly story: Story
}

/** What a device did in a job. */
export interface Contributor {
  readonly index: number
  readonly device: Device
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
  readonly probe: Probe | null
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
  readonly devices: DeviceId[]
  message: string
  /** Pool time of the last failure. */
  since: number
}

/** One of a newcomer's first leases: when all it returned is validated, it counts. */
export interface Probe {
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
  readonly expectedMs: number
  /** Last sign of the worker being on this lease; null while it waits its turn. */
  touchedAt: number | null
  /** First unfinished task the worker reported. */
  task: number | null
  deadline: number
  slot: number
  /** The other lease of the same tasks. */
  partner: Lease | null
  probe: Probe | null
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

export interface Counted {
  readonly strength: number
  readonly host: boolean
  readonly known: boolean
  readonly voice: string
  readonly network: string
}

export interface Device {
  readonly id: DeviceId
  readonly volunteer: VolunteerId
  network: string
  threads: number
  host: boolean
  connected: boolean
  /** The owner lets it work. */
  working: boolean
  standing: Standing
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
  pendingCredit: number
  /** First leases under check. */
  probes: number
  /** Reason last given for being idle. */
  idle: string | null
  leftAt: number
  readonly contributes: Set<Job>
  /** Standing as last saved, and when. */
  saved: Standing
  savedAt: number
  readonly story: Story
}

/** Whose word a device's results are: replicas come from another voice. */
export function voiceOf(state: PoolState, device: Device): string {
  return state.options.sameVolunteerMayCheck ? device.id : device.volunteer
}

export function canWork(device: Device): boolean {
  return device.connected && device.working && device.standing.pausedBecause === null
}

export function isOver(status: JobStatus): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled'
}

export function rateOf(rate: Rate): number | null {
  return rate.weight > 0 ? rate.amount / rate.weight : null
}

/** A bug in the pool: the story goes with it, because the process ends here. */
export function broken(promise: string, story: Record<string, unknown>): never {
  throw new Error(`Broken invariant: ${promise} ${JSON.stringify(story)}`)
}
