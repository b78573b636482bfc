import type { DeviceId, JobId, LeaseId, VolunteerId } from '../../protocol/ids.ts'
import type { Clock } from './clock.ts'
import type { Change, Effect } from './effects.ts'
import type { JobProgress, Standing } from './job.ts'
import type { Job, Lease, Loss, Probe, Rate } from './job-state.ts'
import type { PoolOptions } from './port.ts'
import type { Random } from './random.ts'
import type { Story } from './story.ts'
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
  /** Devices whose standing is not saved as it is: now, and with the next tick. */
  readonly urgentStandings: Set<Device>
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

export interface Counted {
  readonly strength: number
  readonly host: boolean
  readonly known: boolean
  readonly voice: string
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
  /** The host's clock when it was last caught lying. */
  caughtAt: number
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

/** Key of `pairs`. */
export function pairOf(voice: string, network: string): string {
  return `${voice} ${network}`
}

/** Whose word a device's results are: replicas come from another voice. */
export function voiceOf(state: PoolState, device: Device): string {
  return state.options.sameVolunteerMayCheck ? device.id : device.volunteer
}

export function canWork(device: Device): boolean {
  return device.connected && device.working && device.standing.pausedBecause === null
}

/** A bug in the pool: the story goes with it, because the process ends here. */
export function broken(promise: string, story: Record<string, unknown>): never {
  throw new Error(`Broken invariant: ${promise} ${JSON.stringify(story)}`)
}
