import { due, put } from './clock.ts'
import type { Change } from './effects.ts'
import { runs } from './intervals.ts'
import type { AloneFailure } from './job.ts'
import { type Attempts, type Device, type Job, type Lease, pairOf } from './job-state.ts'
import { failJob } from './jobs.ts'
import { deadlineMs, dropLease, oldestMs } from './leases.ts'
import { failed } from './reputation.ts'
import { canWork, type PoolState } from './state.ts'
import { OPEN, PENDING, stateOf } from './tasks.ts'

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
function countAttempt(state: PoolState, lease: Lease, task: number, message: string, told: boolean): AttemptOutcome {
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

// Who says that a task cannot be computed. Three devices of one person, or behind one address, are one voter: whoever
// wants a job to fail can bring as many devices as they like.

interface Failing {
  /** Failures of which no two share the volunteer or the network, in the order they came. */
  readonly voters: readonly AloneFailure[]
  /** Volunteers of all failures. */
  readonly people: ReadonlySet<string>
}

function votersOf(failures: readonly AloneFailure[]): Failing {
  const voters: AloneFailure[] = []
  for (const failure of failures) {
    if (voters.every(({ voter, network }) => voter !== failure.voter && network !== failure.network))
      voters.push(failure)
  }
  return { voters, people: new Set(failures.map(({ voter }) => voter)) }
}

/** Of another volunteer and on another network than everybody who counts so far. */
function isNewVoter({ voters }: Failing, device: Device): boolean {
  const own = device.volunteer
  return voters.every(({ voter, network }) => voter !== own && network !== device.network)
}

function isNewPerson({ people }: Failing, device: Device): boolean {
  return !people.has(device.volunteer)
}

/** Working devices that would be a new voter. */
function votersHere(state: PoolState, { voters }: Failing): number {
  let others = state.workers
  for (const { voter, network } of voters) {
    others -= (state.volunteers.get(voter) ?? 0) + (state.networks.get(network) ?? 0)
    for (const other of voters) others += state.pairs.get(pairOf(voter, other.network)) ?? 0
  }
  return others
}

/** Working devices of volunteers who have not failed. */
function peopleHere(state: PoolState, { people }: Failing): number {
  let others = state.workers
  for (const voter of people) others -= state.volunteers.get(voter) ?? 0
  return others
}

/**
 * Whether somebody is here whose failure would say more: a new voter, or with fewer than `enough` volunteers another of
 * those. Who neither asks for work nor has any nor was heard of lately does not count.
 */
function anotherMayTry(state: PoolState, job: Job, failing: Failing, enough: number, heardWithinMs: number): boolean {
  for (const device of state.devices.values()) {
    if (!canWork(device) || (job.spec.devices === 'host' && !device.host)) continue
    const isHere = device.room > 0 || device.leases.size > 0 || state.clock.now - device.signAt < heardWithinMs
    if (!isHere) continue
    if (isNewVoter(failing, device)) return true
    if (failing.people.size < enough && isNewPerson(failing, device)) return true
  }
  return false
}

/** A lease waiting its turn lives as long as its device shows life on others, but not for ever. */
const LONGEST_WAIT_MS = 60_000

/** The leases that are being computed, as far as anybody can tell: those with a sign, then the oldest. */
export function presumedRunning(device: Device): Lease[] {
  const leases = [...device.leases]
  const begun = leases.filter(({ touchedAt }) => touchedAt !== null)
  const waiting = leases.filter(({ touchedAt }) => touchedAt === null)
  return [...begun, ...waiting].slice(0, Math.max(device.threads, begun.length))
}

/** Leases whose time is over give their tasks to others. */
export function expire(state: PoolState): void {
  for (const lease of due(state.deadlines, state.clock.now)) {
    if (lease.ended) continue
    const deadline = Math.min(extended(state, lease), lease.agesFrom + oldestMs(state, lease))
    if (deadline > state.clock.now) {
      lease.deadline = deadline
      lease.slot = put(state.deadlines, lease, deadline)
      continue
    }
    const { device } = lease
    const task = lease.task ?? runs(lease.remaining)[0]?.[0]
    dropLease(state, lease, 'It took much longer than expected, so its tasks went to other devices.', true)
    const alone = task !== undefined && tried(state, lease, task, 'It was not finished in time.', false)
    if (!alone) failed(state, device, lease.issuedAt, 'a lease was not finished in time.')
  }
}

function extended(state: PoolState, lease: Lease): number {
  if (lease.touchedAt !== null || lease.device.signAt <= lease.issuedAt) return lease.deadline
  const patience = deadlineMs(state, lease.job, lease.device, lease.remaining.size)
  const latest = lease.issuedAt + Math.max(LONGEST_WAIT_MS, patience)
  return Math.max(lease.deadline, Math.min(lease.device.signAt + patience, latest))
}

/** Devices that vanished and did not come back with their leases have lost them. */
export function lose(state: PoolState): void {
  for (const { lease, task } of due(state.losses, state.clock.now)) {
    lease.device.losses.delete(lease.claims.lease)
    tried(state, lease, task, 'The device vanished while computing it.', false)
  }
}

/** Counts an attempt; answers whether the task was alone, which is no failure of the device by itself. `told`: by it. */
export function tried(state: PoolState, lease: Lease, task: number, message: string, told: boolean): boolean {
  const { job } = lease
  if (state.jobs.get(job.spec.id) !== job) return false
  // Somebody else has done it: nothing is wrong with the task.
  const now = stateOf(job.tasks, task)
  if (now !== OPEN && now !== PENDING) return false
  const { change, alone, failure } = countAttempt(state, lease, task, message, told)
  state.changes.push(change)
  if (failure) failJob(state, job, failure)
  return alone
}
