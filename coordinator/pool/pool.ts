import type { JobId } from '../../protocol/ids.ts'
import { advance, clockAt } from './clock.ts'
import { dispatch } from './dispatch.ts'
import type { Effect } from './effects.ts'
import type { PoolEvent } from './events.ts'
import { explain } from './explain.ts'
import { finishEvent } from './finish.ts'
import type { Pool, PoolOptions, Snapshot } from './port.ts'
import { deviceProgress, progressOf } from './progress.ts'
import { randomOf } from './random.ts'
import { restoreJob } from './restore.ts'
import type { PoolState } from './state.ts'
import { wheel } from './wheel.ts'

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
