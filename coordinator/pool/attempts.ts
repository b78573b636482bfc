import type { Change } from './effects.ts'
import type { Attempts, Job, Lease } from './job-state.ts'
import { canWork, type Device, type PoolState } from './state.ts'

/** After so many attempts a task is lent alone, so that it takes nothing else down with it. */
const ATTEMPTS_BEFORE_ALONE = 3
/** Failures alone, on different devices where there are as many, that fail the job. */
const FAILURES_ALONE = 3
/** If the devices that have not tried it do not come, one that has may try again. */
const PATIENCE_MS = 60_000

export function isIsolated(job: Job, task: number): boolean {
  return (job.attempts.get(task)?.count ?? 0) >= ATTEMPTS_BEFORE_ALONE
}

/** Devices on which a task failed alone come last. */
export function mayTryAlone(state: PoolState, job: Job, task: number, device: Device): boolean {
  const failed = job.attempts.get(task)
  if (!failed?.devices.includes(device.id)) return true
  return workers(state, job) <= tried(state, failed) || state.clock.now - failed.since > PATIENCE_MS
}

/** Devices here that may work on the job. */
function workers(state: PoolState, job: Job): number {
  return job.spec.devices === 'host' ? state.hostWorkers : state.workers
}

function tried(state: PoolState, failed: Attempts): number {
  return failed.devices.filter((id) => {
    const device = state.devices.get(id)
    return device && canWork(device)
  }).length
}

interface AttemptOutcome {
  readonly change: Change
  /** Lent alone: says something about the task, nothing about the device. */
  readonly alone: boolean
  /** The sentence with which the job fails, if it does. */
  readonly failure: string | null
}

/** One more try of `task` ended without a result. */
export function countAttempt(state: PoolState, lease: Lease, task: number, message: string): AttemptOutcome {
  const { job, device } = lease
  const known: Attempts = job.attempts.get(task) ?? { count: 0, devices: [], message, since: state.clock.now }
  const alone = known.count >= ATTEMPTS_BEFORE_ALONE && lease.claims.to - lease.claims.from === 1
  known.count++
  known.message = message
  known.since = state.clock.now
  if (alone && !known.devices.includes(device.id)) known.devices.push(device.id)
  job.attempts.set(task, known)
  const change: Change = {
    type: 'attemptCounted',
    job: job.spec.id,
    task,
    attempts: known.count,
    devices: [...known.devices],
    message,
  }
  return { change, alone, failure: alone ? failureOf(state, job, task, known) : null }
}

function failureOf(state: PoolState, job: Job, task: number, { count, devices, message }: Attempts): string | null {
  const few = workers(state, job) < FAILURES_ALONE && count - ATTEMPTS_BEFORE_ALONE >= FAILURES_ALONE
  if (devices.length < FAILURES_ALONE && !few) return null
  const where = devices.length === 1 ? 'on one device' : `on ${devices.length} different devices`
  return `Task ${task} failed ${count} times, at last alone ${where}. The last error was: ${message}`
}
