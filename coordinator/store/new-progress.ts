import type { JobProgress, JobSpec } from '../pool/job.ts'
import type { NewJob } from './port.ts'

/** What is known of a job the moment it is added. */
export function newProgress(job: NewJob): JobProgress {
  return {
    id: job.id,
    status: 'queued',
    priority: job.priority,
    tasksDone: 0,
    taskCount: job.taskCount,
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
}

/** What the pool is told of a job. */
export function jobSpec(job: NewJob): JobSpec {
  const { id, kind, kernelHash, taskCount, priority, trust, devices, submitter, createdAt } = job
  return { id, kind, kernelHash, taskCount, priority, trust, devices, submitter, createdAt }
}
