import type { JobView } from '../../protocol/api.ts'
import type { JobStatus } from '../../protocol/ids.ts'
import type { PoolNow } from '../../protocol/live.ts'
import { count, percent, whole } from './count.ts'
import { roughly, took } from './dates.ts'

// A job's state as a person would say it.

export const STATUS_WORD: Readonly<Record<JobStatus, string>> = {
  queued: 'Waiting its turn',
  running: 'Being computed',
  paused: 'Paused',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

export const progressOf = (job: JobView): number => (job.taskCount > 0 ? job.tasksDone / job.taskCount : 0)

/** When its state began: "started", "4 min ago". */
export function since(job: JobView): { readonly word: string; readonly at: string } {
  if (job.finishedAt) return { word: '', at: job.finishedAt }
  if (job.startedAt) return { word: 'started', at: job.startedAt }
  return { word: 'asked for', at: job.createdAt }
}

/** "31 of 256 tasks, about 2 minutes left." */
export function progressText(job: JobView): string {
  const tasks = `${whole(job.tasksDone)} of ${count(job.taskCount, 'task')}`
  switch (job.status) {
    case 'queued':
      return `${count(job.taskCount, 'task')}, none begun.`
    case 'running':
      if (job.waiting) return `${tasks}.`
      return job.secondsLeft === undefined ? `${tasks}.` : `${tasks}, ${roughly(job.secondsLeft)} left.`
    case 'paused':
      return `${tasks}, ${percent(progressOf(job))}.`
    case 'done':
      return `${count(job.taskCount, 'task')}${duration(job)}.`
    case 'failed':
    case 'cancelled':
      return `${tasks} were done.`
  }
}

function duration(job: JobView): string {
  if (!job.startedAt || !job.finishedAt) return ''
  return ` in ${took(Date.parse(job.finishedAt) - Date.parse(job.startedAt))}`
}

/** What the room does or did, for someone who has three seconds. */
export function together(now: PoolNow, job: JobView): string {
  if (job.status === 'done') return `${now.name} made this together`
  if (job.status === 'paused') return 'This is paused'
  if (now.devices === 0) return 'This waits for a device'
  if (now.volunteers === 1) return 'One person is computing this'
  return `${count(now.volunteers, 'person', 'people')} are computing this together`
}
