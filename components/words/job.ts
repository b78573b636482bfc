import type { JobView, Trust } from '../../protocol/api.ts'
import type { JobStatus } from '../../protocol/ids.ts'
import type { PoolNow } from '../../protocol/live.ts'
import { count, percent, ratio, whole } from './count.ts'
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

// What a job's trust promises, in words a person can hold the pool to.

export interface Promise {
  readonly name: string
  /** In one sentence. */
  readonly short: string
  /** How, and what it does not promise. */
  readonly how: string
}

const RETRY = 'A device that is caught is paused, and what rested only on its word is computed again.'

export function promiseOf(trust: Trust): Promise {
  if (trust === 'fast') {
    return {
      name: 'Fast',
      short: 'The first result counts. Nothing is computed twice, and nothing is promised.',
      how: 'Right for a room of friends, or when you can see yourself that a result is wrong.',
    }
  }
  if (trust === 'normal') {
    return {
      name: 'Normal',
      short:
        'A device that lies on its own is found out: a newcomer in its first tasks, a known one after 30 lies on average.',
      how: `The first work of every newcomer is computed twice; after that one task in thirty, chosen so that nobody can foresee it, is computed again elsewhere. ${RETRY} Lies of a device that is not caught before the job is done stay in it: choose strict where that matters.`,
    }
  }
  const bound = trust === 'strict' ? 0.01 : trust.maxWrong
  return {
    name: trust === 'strict' ? 'Strict' : `At most ${share(bound)} wrong`,
    short: `At most ${share(bound)} of the results are expected to be wrong, even if one volunteer in ten lies in agreement.`,
    how: `Every task is computed by several volunteers who do not know of each other, until enough of them agree to the last bit. ${RETRY}`,
  }
}

function share(bound: number): string {
  return bound >= 0.01 ? percent(bound) : ratio(bound, 2)
}

/** The price of a job's trust: "Expected 3 % extra work, measured 4 % so far." */
export function priceOf(job: Pick<JobView, 'overhead' | 'status'>): string {
  const { expected, measured } = job.overhead
  const now = job.status === 'done' ? 'measured' : 'so far measured'
  if (expected === 0 && measured === 0) return 'Nothing is computed twice.'
  return `Checking costs extra work: expected ${extra(expected)}, ${now} ${extra(measured)}.`
}

const extra = (value: number): string => (value >= 1 ? `${Math.round(value * 100)} %` : percent(value))
