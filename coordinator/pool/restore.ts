import { enqueue } from './choose.ts'
import { contribute } from './contribute.ts'
import { meet } from './devices.ts'
import type { Change } from './effects.ts'
import type { Job } from './job-state.ts'
import { jobOf } from './jobs.ts'
import type { RestoredJob } from './port.ts'
import { type Applying, apply } from './record.ts'
import type { PoolState } from './state.ts'
import { note } from './story.ts'

const REPLAY: Applying = { live: false, msPerTask: 0, lease: null, probe: null }

/** Rebuilds a job from what was saved about it. */
export function restoreJob(state: PoolState, saved: RestoredJob): void {
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
  note(job.story, {
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
