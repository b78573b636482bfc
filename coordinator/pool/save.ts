import type { Job } from './job-state.ts'
import { type Applying, apply, type TaskChange } from './record.ts'
import type { PoolState } from './state.ts'

const PLAIN: Applying = { live: true, msPerTask: 0, lease: null, probation: null }

/** Applies a change of tasks and has it saved with the next commit. */
export function save(state: PoolState, job: Job, change: TaskChange, how: Applying = PLAIN): void {
  if (change.to <= change.from) return
  state.changes.push(change)
  apply(state, job, change, how)
  state.dirty.add(job)
}
