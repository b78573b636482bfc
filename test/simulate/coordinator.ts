import type { Change, Effect } from '../../coordinator/pool/effects.ts'
import type { PoolEvent } from '../../coordinator/pool/events.ts'
import type { JobProgress, JobSpec, Reputation } from '../../coordinator/pool/job.ts'
import { type Pool, poolOver, type RestoredJob, stateOf } from '../../coordinator/pool/pool.ts'
import type { PoolOptions } from '../../coordinator/pool/state.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import { type Book, book } from './book.ts'
import { checkInvariants } from './invariants.ts'
import { checkCaught, checkEffects, checkEnd, checkRestored } from './laws.ts'

type Unstamped = PoolEvent extends infer E ? (E extends PoolEvent ? Omit<E, 'at'> : never) : never

export type { Unstamped }

/** Starts long before the first event, so that days and midnights are passed. */
export const EPOCH = Date.UTC(2026, 10, 21, 23, 0, 0)

/** The real pool behind a simulated gateway and store: what is not committed when it dies is gone. */
export interface Coordinator {
  readonly book: Book
  hear(event: Unstamped): void
  /** Makes durable what was decided so far, then performs the effects that waited for it. */
  commit(): void
  /** Kill −9 and start again from what was committed. */
  restart(): void
  pool(): Pool
  events(): number
  /** What the host's clock is off. */
  clockOffset: number
  reputation(device: DeviceId): Reputation | null
}

export interface Hooks {
  now(): number
  /** An effect reaches the world: at once, or after the commit. */
  perform(effect: Effect): void
  /** A job's row was committed as over. */
  over(progress: JobProgress, book: Book): void
}

interface Saved {
  readonly spec: JobSpec
  progress: JobProgress
  readonly history: Change[]
}

const DURABLE: ReadonlySet<Effect['type']> = new Set(['acknowledge', 'jobChanged', 'taskAccepted', 'taskRevoked'])

export function coordinator(options: PoolOptions, hooks: Hooks, invariantsEvery: number): Coordinator {
  const jobs = new Map<JobId, Saved>()
  const reputations = new Map<DeviceId, Reputation>()
  const volunteers = new Map<DeviceId, VolunteerId>()
  const uncommitted: { changes: Change[]; effects: Effect[] } = { changes: [], effects: [] }
  let runs = 0
  let heard = 0
  let live = book()
  const start = () => {
    const state = stateOf(
      { ...options, run: `r${runs++}`, seed: options.seed + runs },
      { jobs: [...jobs.values()].map(restored) },
      at(),
    )
    return { state, pool: poolOver(state) }
  }
  const restored = (saved: Saved): RestoredJob => ({
    spec: saved.spec,
    progress: saved.progress,
    history: saved.history,
    volunteerOf: (device) => volunteers.get(device) ?? ('?' as VolunteerId),
  })
  const at = () => EPOCH + hooks.now() + self.clockOffset

  const self: Coordinator = {
    get book() {
      return live
    },
    clockOffset: 0,
    hear(event) {
      heard++
      if (event.type === 'deviceJoined') volunteers.set(event.device, event.volunteer)
      if (event.type === 'jobSubmitted') submit(event.job)
      const stamped = { ...event, at: at() } as PoolEvent
      const effects = current.pool.handle(stamped)
      const changes = effects.flatMap((effect) => (effect.type === 'save' ? effect.changes : []))
      if (invariantsEvery > 0) checkEffects(stamped, effects, live, current.state)
      live.write(changes)
      if (invariantsEvery > 0) checkCaught(changes, live)
      if (invariantsEvery > 0 && heard % invariantsEvery === 0) checkInvariants(current.state)
      for (const change of changes) uncommitted.changes.push(change)
      for (const effect of effects) {
        if (effect.type === 'save') continue
        if (DURABLE.has(effect.type)) uncommitted.effects.push(effect)
        else hooks.perform(effect)
      }
    },
    commit() {
      const { changes, effects } = uncommitted
      uncommitted.changes = []
      uncommitted.effects = []
      for (const change of changes) keep(change)
      for (const effect of effects) hooks.perform(effect)
    },
    restart() {
      uncommitted.changes = []
      uncommitted.effects = []
      current = start()
      live = reopen(jobs, book())
      if (invariantsEvery > 0) checkRestored(current.state, live)
      if (invariantsEvery > 0) checkInvariants(current.state)
    },
    pool: () => current.pool,
    events: () => heard,
    reputation: (device) => reputations.get(device) ?? null,
  }
  let current = start()

  function submit(spec: JobSpec): void {
    // As the store does it: a job is durable before the pool hears of it.
    const progress: JobProgress = {
      id: spec.id,
      status: 'queued',
      priority: spec.priority,
      tasksDone: 0,
      taskCount: spec.taskCount,
      startedAt: null,
      finishedAt: null,
      error: null,
      waiting: null,
      unchecked: 0,
      credit: 0,
      pendingCredit: 0,
      overhead: { expected: 0, measured: 0 },
      secondsLeft: null,
    }
    jobs.set(spec.id, { spec, progress, history: [] })
    live.open(spec)
  }

  function keep(change: Change): void {
    if (change.type === 'reputationChanged') reputations.set(change.device, change.reputation)
    if (change.type === 'jobChanged') {
      const saved = jobs.get(change.job.id)
      if (!saved) return
      saved.progress = change.job
      if (change.job.status === 'queued' || change.job.status === 'running' || change.job.status === 'paused') return
      if (invariantsEvery > 0) checkEnd(change.job, live, options.auditKey)
      hooks.over(change.job, live)
      jobs.delete(change.job.id)
      live.close(change.job.id)
      return
    }
    if ('job' in change) jobs.get(change.job)?.history.push(change)
  }
  return self
}

function reopen(jobs: ReadonlyMap<JobId, Saved>, again: Book): Book {
  for (const { spec, history } of jobs.values()) {
    again.open(spec)
    again.write(history)
  }
  return again
}
