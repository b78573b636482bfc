import type { Change } from './effects.ts'
import { anotherMayTry, isNewPerson, isNewVoter, peopleHere, votersHere, votersOf } from './failing.ts'
import type { AloneFailure } from './job.ts'
import type { Attempts, Device, Job, Lease } from './job-state.ts'
import type { PoolState } from './state.ts'

/** After so many attempts a task is lent alone, so that it takes nothing else down with it. */
const ATTEMPTS_BEFORE_ALONE = 3
/** Voters that must have failed alone before the job fails; where fewer are here, so many failures alone. */
const FAILURES_ALONE = 3
/** If the devices that have not tried it do not come, one that has may try again. */
const PATIENCE_MS = 60_000

const NOBODY: readonly AloneFailure[] = []

export function isIsolated(job: Job, task: number): boolean {
  return (job.attempts.get(task)?.count ?? 0) >= ATTEMPTS_BEFORE_ALONE
}

/** A task that failed alone goes to somebody whose failure would say something new, as long as there is somebody. */
export function mayTryAlone(state: PoolState, job: Job, task: number, device: Device): boolean {
  const failed = job.attempts.get(task)
  if (!failed || failed.alone.length === 0 || device.host) return true
  if (state.clock.now - failed.since > PATIENCE_MS) return true
  const failing = votersOf(failed.alone)
  // Enough others could not do it: the host has the last word.
  if (state.hostWorkers > 0 && failing.voters.length >= FAILURES_ALONE) return false
  if (isNewVoter(failing, device)) return true
  if (state.hostWorkers > 0 || votersHere(state, failing) > 0) return false
  return isNewPerson(failing, device) || peopleHere(state, failing) === 0
}

interface AttemptOutcome {
  readonly change: Change
  /** Lent alone: says something about the task, and about the device only once somebody else has computed it. */
  readonly alone: boolean
  /** The sentence with which the job fails, if it does. */
  readonly failure: string | null
}

/** One more try of `task` ended without a result. `told`: the device itself said that it failed. */
export function countAttempt(
  state: PoolState,
  lease: Lease,
  task: number,
  message: string,
  told: boolean,
): AttemptOutcome {
  const { job, device } = lease
  const known: Attempts = job.attempts.get(task) ?? { count: 0, alone: [], message, since: state.clock.now }
  const alone = known.count >= ATTEMPTS_BEFORE_ALONE && lease.claims.to - lease.claims.from === 1
  known.count++
  known.message = message
  known.since = state.clock.now
  if (alone) known.alone = withFailure(known.alone, device)
  job.attempts.set(task, known)
  const change: Change = {
    type: 'attemptCounted',
    job: job.spec.id,
    task,
    attempts: known.count,
    alone: known.alone,
    message,
  }
  const failure = alone && isEnough(state, job, device, known.alone, told) ? failureOf(task, device, known) : null
  return { change, alone, failure }
}

function withFailure(before: readonly AloneFailure[], device: Device): readonly AloneFailure[] {
  const own = before.find((failure) => failure.device === device.id)
  const now = {
    device: device.id,
    voter: device.volunteer,
    network: device.network,
    times: (own?.times ?? 0) + 1,
  }
  return own ? before.map((failure) => (failure === own ? now : failure)) : [...before, now]
}

/** Whether the job fails by this failure alone of `device`. */
function isEnough(state: PoolState, job: Job, device: Device, alone: readonly AloneFailure[], told: boolean): boolean {
  // What the host lost may have other reasons than the task.
  if (device.host) return told || timesOf(alone.filter((failure) => failure.device === device.id)) >= FAILURES_ALONE
  if (state.hostWorkers > 0) return false
  const failing = votersOf(alone)
  if (failing.voters.length >= FAILURES_ALONE) return true
  return timesOf(alone) >= FAILURES_ALONE && !anotherMayTry(state, job, failing, FAILURES_ALONE, PATIENCE_MS)
}

function timesOf(failures: readonly AloneFailure[]): number {
  return failures.reduce((sum, { times }) => sum + times, 0)
}

function failureOf(task: number, device: Device, { count, alone, message }: Attempts): string {
  const where = device.host
    ? 'on the host itself'
    : alone.length === 1
      ? 'on one device'
      : `on ${alone.length} different devices`
  return `Task ${task} failed ${count} times, at last alone ${where}. The last error was: ${message}`
}

/**
 * The task has a result now. Answers who failed it alone though nobody else did, once the result counts: until then it
 * may be made up.
 */
export function computed(job: Job, task: number, counts: boolean): readonly AloneFailure[] {
  const before = job.suspects.get(task)
  const now = job.attempts.get(task)
  if (!before && !now) return NOBODY
  job.attempts.delete(task)
  job.suspects.delete(task)
  const failures = [...(before ?? []), ...(now?.alone ?? [])]
  if (failures.length === 0) return NOBODY
  if (counts) return votersOf(failures).voters.length === 1 ? failures : NOBODY
  job.suspects.set(task, failures)
  return NOBODY
}
