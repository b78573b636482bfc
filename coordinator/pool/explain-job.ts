import { AUDIT_EVERY } from './audit.ts'
import type { Job } from './job-state.ts'
import { wrongShare } from './quorum.ts'
import type { PoolState } from './state.ts'
import { wordsFor } from './words.ts'

export function explainJob(state: PoolState, job: Job): string[] {
  const because = [statusOf(state, job), promiseOf(state, job)]
  if (job.waiting) because.push(job.waiting)
  if (job.cases.size > 0) because.push(`${wordsFor(job.cases.size, 'task waits', 'tasks wait')} for another opinion.`)
  for (const [task, { count, message }] of [...job.attempts].slice(0, 3)) {
    because.push(
      `Task ${task} was tried ${wordsFor(count, 'time', 'times')} without a result; the last time: ${message}`,
    )
  }
  if (job.unchecked > 0)
    because.push(`${wordsFor(job.unchecked, 'task was', 'tasks were')} accepted unchecked because the admin said so.`)
  return because
}

function statusOf(state: PoolState, job: Job): string {
  const done = `${job.decided} of ${wordsFor(job.spec.taskCount, 'task is', 'tasks are')} done`
  if (job.status === 'paused') return `It is paused; ${done}.`
  const first = [...state.jobs.values()].filter(
    (other) => other.priority > job.priority && other.open.size > 0 && other.status !== 'paused',
  )
  if (job.leases.size === 0 && first.length > 0)
    return `${wordsFor(first.length, 'job', 'jobs')} of higher priority ${first.length === 1 ? 'comes' : 'come'} first; ${done}.`
  if (job.status === 'queued') return 'It is queued and starts with the next free device.'
  const devices = new Set([...job.leases].map((lease) => lease.device)).size
  return `It is running: ${done}, ${wordsFor(devices, 'device works', 'devices work')} on it, ${wordsFor(job.open.size, 'task is', 'tasks are')} free.`
}

/** What the job's trust promises. */
export function promiseOf(state: PoolState, job: Job): string {
  const { trust } = job.spec
  if (trust === 'fast') return 'Trust "fast": the first result counts; nothing about wrong results is promised.'
  if (trust === 'normal') {
    return `Trust "normal": newcomers are checked entirely at first, then one task in ${AUDIT_EVERY} of everybody. A device that lies is caught after about ${AUDIT_EVERY} lies, and what rested on its word alone is computed again before the job is done.`
  }
  const share = (100 * wrongShare(job.agree, state.options.colluding)).toPrecision(2)
  return `${job.agree} volunteers must agree on every task. If at most ${100 * state.options.colluding} % of them collude, at most ${share} % of the outputs are expected to be wrong.`
}
