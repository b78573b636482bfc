import { anybodyFor } from './independence.ts'
import type { Job } from './job-state.ts'
import type { PoolState } from './state.ts'
import { acceptUnchecked } from './unchecked.ts'

/** The sentence for a job that does not progress; null while it does. */
function waitingOf(state: PoolState, job: Job): string | null {
  if (job.status !== 'running' && job.status !== 'queued') return null
  if (job.leases.size > 0) return null
  if (job.spec.devices === 'host' && state.hostWorkers === 0) {
    return 'This job runs on the host only, and the host is not computing right now.'
  }
  if (state.workers === 0) {
    return 'No device is working right now. It goes on as soon as somebody opens the join page and presses Start.'
  }
  if (job.open.size > 0 || !lacksIndependent(state, job)) return null
  const count = job.cases.size
  const tasks = count === 1 ? '1 task waits' : `${count} tasks wait`
  const who = job.agree > 2 ? 'more volunteers who agree' : 'another volunteer'
  return `${tasks} for a check by ${who}, and nobody independent is here. Wait for somebody to join, or accept what is there unchecked.`
}

/** Everything left needs a word from somebody who is not here. */
function lacksIndependent(state: PoolState, job: Job): boolean {
  return job.cases.size > 0 && job.wantedList.every((bucket) => !anybodyFor(state, bucket))
}

export function review(state: PoolState, job: Job): void {
  if (
    job.takesUnchecked &&
    job.cases.size > 0 &&
    job.open.size === 0 &&
    job.leases.size === 0 &&
    lacksIndependent(state, job)
  ) {
    acceptUnchecked(state, job)
  }
  const waiting = waitingOf(state, job)
  if (waiting === job.waiting) return
  job.waiting = waiting
  state.dirty.add(job)
}
