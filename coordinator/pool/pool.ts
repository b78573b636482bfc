import type { Explanation } from '../../protocol/api.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import { enqueue } from './choose.ts'
import { advance, clockAt, wheel } from './clock.ts'
import { contribute } from './credit.ts'
import { deviceProgress, meet } from './devices.ts'
import { dispatch, finishEvent } from './dispatch.ts'
import type { Change, Effect } from './effects.ts'
import { note } from './event-log.ts'
import type { PoolEvent } from './events.ts'
import { explain } from './explain.ts'
import type { DeviceProgress, JobProgress, JobSpec } from './job.ts'
import type { Job } from './job-state.ts'
import { jobOf, progressOf } from './jobs.ts'
import { randomOf } from './random.ts'
import { type Applying, apply } from './record.ts'
import type { PoolOptions, PoolState } from './state.ts'

/**
 * The scheduler: every decision about who computes what, what counts and who is paid. A pure state machine: time comes
 * in with the events, chance from the seed, and everything it wants done goes out as effects.
 */
export function createPool(options: PoolOptions, snapshot: Snapshot, at: number): Pool {
  return poolOver(stateOf(options, snapshot, at))
}

export function stateOf(options: PoolOptions, snapshot: Snapshot, at: number): PoolState {
  const state: PoolState = {
    options,
    clock: clockAt(at),
    startedAt: at,
    random: randomOf(options.seed),
    jobs: new Map(),
    finished: new Map(),
    levels: [],
    devices: new Map(),
    waiting: new Set(),
    volunteers: new Map(),
    networks: new Map(),
    pairs: new Map(),
    leases: new Map(),
    deadlines: wheel(),
    losses: wheel(),
    kinds: new Map(),
    workers: 0,
    hostWorkers: 0,
    known: 0,
    strength: 0,
    hostStrength: 0,
    leaseCounter: 0,
    medianPace: 0,
    effects: [],
    changes: [],
    lines: [],
    dirty: new Set(),
    newStatus: new Set(),
    urgentReputations: new Set(),
    changedStandings: new Set(),
    probations: new Set(),
    caught: new Map(),
    stirred: false,
    ticking: false,
  }
  for (const job of snapshot.jobs) restoreJob(state, job)
  return state
}

/** The pool's face over a state; tests look behind it. */
export function poolOver(state: PoolState): Pool {
  return {
    handle: (event) => handle(state, event),
    job: (id) => jobProgress(state, id),
    jobs: () => [...state.jobs.values()].map((job) => progressOf(job)),
    device: (id) => {
      const device = state.devices.get(id)
      return device?.connected ? deviceProgress(state, device) : undefined
    },
    devices: () =>
      [...state.devices.values()].filter(({ connected }) => connected).map((device) => deviceProgress(state, device)),
    explain: (subject) => explain(state, subject),
  }
}

function jobProgress(state: PoolState, id: JobId) {
  const job = state.jobs.get(id)
  return job ? progressOf(job) : state.finished.get(id)?.progress
}

function handle(state: PoolState, event: PoolEvent): readonly Effect[] {
  advance(state.clock, event.at)
  state.effects = []
  state.changes = []
  dispatch(state, event)
  return finishEvent(state)
}

const REPLAY: Applying = { live: false, msPerTask: 0, lease: null }

/** Rebuilds a job from what was saved about it. */
function restoreJob(state: PoolState, saved: RestoredJob): void {
  const job = jobOf(state, saved.spec)
  job.status = saved.progress.status
  job.priority = saved.progress.priority
  job.startedAt = saved.progress.startedAt
  job.error = saved.progress.error
  state.jobs.set(job.spec.id, job)
  for (const change of saved.history) replay(state, job, change, saved.volunteerOf)
  job.paceDecided = job.decided
  job.takesUnchecked = job.unchecked > 0
  enqueue(state, job)
  note(job.log, {
    at: state.clock.at,
    what: 'restored',
    device: null,
    job: null,
    from: 0,
    to: job.decided,
    detail: '',
  })
}

function replay(state: PoolState, job: Job, change: Change, volunteerOf: RestoredJob['volunteerOf']): void {
  switch (change.type) {
    case 'resultKept':
    case 'tasksDecided':
    case 'tasksValidated':
    case 'resultsRevoked':
      if (change.job !== job.spec.id) return
      if ('device' in change) contribute(job, meet(state, change.device, volunteerOf(change.device)))
      apply(state, job, change, REPLAY)
      return
    case 'attemptCounted':
      if (change.job !== job.spec.id) return
      job.attempts.set(change.task, {
        count: change.attempts,
        alone: change.alone,
        message: change.message,
        since: state.clock.now,
      })
      return
    default:
  }
}

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
