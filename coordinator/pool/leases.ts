import type { LeaseId } from '../../protocol/ids.ts'
import { MAX_LEASE_TASKS } from '../../protocol/limits.ts'
import { leaveFlight } from './cases.ts'
import { isNewcomer } from './checks.ts'
import { put, take } from './clock.ts'
import { contribute } from './credit.ts'
import { lastOf, note } from './event-log.ts'
import { add, eachRun, has, intervals, within } from './intervals.ts'
import type { LeaseClaims } from './job.ts'
import type { Contributor, Device, Job, Lease, LeaseReason } from './job-state.ts'
import { expectedMs, msPerTask, paceIn } from './speed.ts'
import type { PoolState } from './state.ts'
import { isDecided, OPEN, stateOf } from './tasks.ts'

/** Shortest time a lease may go without a sign. */
const SHORTEST_DEADLINE_MS = 15_000
const PATIENCE = 4

/** Longest time without coming further: a device with a low duty rests up to a minute, and ends a kernel silent for another. */
const STANDSTILL_MS = 120_000

export function deadlineMs(state: PoolState, job: Job, device: Device, count: number): number {
  return Math.ceil(Math.max(SHORTEST_DEADLINE_MS, PATIENCE * expectedMs(state, job, device, count)))
}

export function newLease(
  state: PoolState,
  job: Job,
  device: Device,
  from: number,
  to: number,
  why: LeaseReason,
): Lease {
  const claims: LeaseClaims = {
    lease: `${state.options.run}-${(state.leaseCounter++).toString(36)}` as LeaseId,
    job: job.spec.id,
    from,
    to,
    device: device.id,
    issuedAt: state.clock.at,
    kernelHash: job.spec.kernelHash,
  }
  const lease = register(state, claims, job, device, why)
  add(lease.remaining, from, to)
  return lease
}

/** A lease the pool knows from now on, with nothing remaining yet. */
export function register(
  state: PoolState,
  claims: LeaseClaims,
  job: Job,
  device: Device,
  why: LeaseReason,
  agesFrom = state.clock.now,
): Lease {
  const length = claims.to - claims.from
  const { now } = state.clock
  const lease: Lease = {
    claims,
    job,
    device,
    why,
    remaining: intervals(),
    issuedAt: now,
    agesFrom,
    expectedMs: expectedMs(state, job, device, length),
    touchedAt: null,
    reached: -1,
    grownAt: now,
    landedAt: now,
    task: null,
    deadline: now + deadlineMs(state, job, device, length),
    slot: 0,
    partner: null,
    shared: false,
    probation: null,
    ended: false,
  }
  lease.slot = put(state.deadlines, lease, lease.deadline)
  state.leases.set(claims.lease, lease)
  job.leases.add(lease)
  device.leases.add(lease)
  device.idle = null
  contribute(job, device).lastLength = length
  if (job.status === 'queued') {
    job.status = 'running'
    job.startedAt = state.clock.at
    job.paceAt = now
    state.dirty.add(job)
    state.newStatus.add(job)
  }
  return lease
}

/** The worker came further on this lease: it gets time for what is left. */
export function touch(state: PoolState, lease: Lease): void {
  lease.grownAt = state.clock.now
  stay(state, lease)
}

/** A sign of life that tells nothing new gives time as well, but only for a while. */
export function stay(state: PoolState, lease: Lease): void {
  const { now } = state.clock
  // Until then it waited behind another.
  if (lease.touchedAt === null) lease.landedAt = now
  lease.touchedAt = now
  lease.device.signAt = now
  const patience = deadlineMs(state, lease.job, lease.device, lease.remaining.size)
  const until = Math.min(now + patience, lease.grownAt + Math.max(STANDSTILL_MS, patience))
  // The wheel looks again when the earlier deadline falls due.
  if (until > lease.deadline) lease.deadline = until
}

/** Forgets the lease; what it had left is for `giveBack`. */
export function endLease(state: PoolState, lease: Lease): void {
  if (lease.ended) return
  lease.ended = true
  take(state.deadlines, lease, lease.slot)
  state.leases.delete(lease.claims.lease)
  lease.job.leases.delete(lease)
  lease.device.leases.delete(lease)
  if (lease.partner) {
    lease.partner.partner = null
    lease.partner = null
  }
  if (lease.probation) {
    lease.probation.closed = true
    state.probations.add(lease.probation)
  }
}

/** Tasks of `[from, to)` that the lease will not bring are free for others again. */
export function giveBack(state: PoolState, lease: Lease, from: number, to: number): void {
  const { job, partner } = lease
  for (const [a, b] of within(lease.remaining, from, to)) {
    const free = (task: number) => isFree(state, lease, partner, task)
    eachRun(a, b, free, (start, end) => {
      add(job.open, start, end)
      state.stirred = true
    })
  }
}

function isFree(state: PoolState, lease: Lease, partner: Lease | null, task: number): boolean {
  const { job } = lease
  if (job.cases.has(task)) {
    leaveFlight(state, job, task, lease)
    return false
  }
  return stateOf(job.tasks, task) === OPEN && !(partner && has(partner.remaining, task))
}

/** Ends a lease before its time: its tasks go back; the device is told unless it is the one who said so. */
export function dropLease(state: PoolState, lease: Lease, reason: string, tell: boolean): void {
  giveBack(state, lease, lease.claims.from, lease.claims.to)
  endLease(state, lease)
  if (tell) state.effects.push({ type: 'release', device: lease.device.id, claims: lease.claims, reason })
  if (reason) noteLease(state, lease, 'dropped', reason)
}

/** What a device that was caught holds goes to others at once, and earns it no trust. */
export function withdrawLeases(state: PoolState, device: Device, because: string): void {
  for (const lease of [...device.leases]) {
    if (lease.probation) lease.probation.failed = true
    dropLease(state, lease, because, true)
  }
}

export function noteLease(state: PoolState, { claims, job, device }: Lease, what: string, detail: string): void {
  remember(state, job, device, claims.from, claims.to, what, detail)
}

/** Into the stories of the job and the device. */
export function remember(
  state: PoolState,
  job: Job,
  device: Device,
  from: number,
  to: number,
  what: string,
  detail: string,
): void {
  const { at } = state.clock
  const id = job.spec.id
  // What goes on the same way is one entry that grows: the results of a lease, task by task.
  const last = lastOf(device.log)
  if (
    last &&
    what === 'returned' &&
    last.to === from &&
    last.what === what &&
    last.detail === detail &&
    last.job === id
  ) {
    last.to = to
    last.at = at
    return
  }
  const event = { at, what, device: device.id, job: id, from, to, detail }
  note(job.log, event)
  note(device.log, event)
}

/** How many of the lease's tasks are still undecided. */
export function undecidedLeft(lease: Lease): number {
  let left = 0
  for (const [a, b] of within(lease.remaining, lease.claims.from, lease.claims.to)) {
    for (let task = a; task < b; task++) if (!isDecided(lease.job.tasks, task)) left++
  }
  return left
}

/** Middle of the 2–5 seconds a lease should last: short enough to lose, long enough not to chatter. */
const TARGET_MS = 3000
/** A newcomer is checked twice before it is believed: the sooner the better. */
const NEWCOMER_MS = 1000
/** First lease of a device whose speed nobody knows. */
const STRANGER_MS = 250
/** Costs vary within a job, so a lease is at most this many times the one before. */
const GROWTH = 8

/**
 * Guided self-scheduling (Polychronopoulos & Kuck 1987): a lease is as long as fits the target time, but at most half
 * of this thread's fair part of what is left, since every thread holds one lease and has the next one ready.
 */
export function leaseLength(state: PoolState, job: Job, by: Contributor, left: number): number {
  const { device } = by
  const perTask = msPerTask(state, job, device)
  if (perTask === null) return 1
  const known = by.lastLength > 0 || device.rates.has(job.spec.kind)
  const targetMs = !known ? STRANGER_MS : job.agree > 1 && isNewcomer(device) ? NEWCOMER_MS : TARGET_MS
  const fits = perTask > 0 ? targetMs / perTask : Number.POSITIVE_INFINITY
  const growth = GROWTH * Math.max(by.lastLength, 1)
  const strength = job.spec.devices === 'host' ? state.hostStrength : state.strength
  const pace = paceIn(state, device, job.spec.kind)
  const fair = Math.ceil((left * pace) / (2 * Math.max(strength, pace)))
  const most = Math.min(job.spec.leaseTasks ?? MAX_LEASE_TASKS, MAX_LEASE_TASKS)
  return Math.max(1, Math.min(Math.floor(Math.min(fits, growth)), fair, most))
}

// How old a lease may get, whatever its device says of it: progress costs a liar nothing.

/** Times the expected time: a duty of a tenth takes ten times as long, and a warm phone longer still. */
const KNOWN = 16
/** Of a device whose speed in this kind is not known: it may be as slow as any. */
const STRANGER = 64
/** Whatever is expected, a lease may get as old as this; a second lease of the same tasks need not. */
const AT_LEAST_MS = 600_000
const AT_LEAST_AGAIN_MS = 60_000
/** However slow a device has shown itself to be. */
const AT_MOST_MS = 3_600_000

export function oldestMs(state: PoolState, { job, device, claims, partner, why }: Lease): number {
  const count = claims.to - claims.from
  const again = why === 'again' && partner !== null
  const each = msPerTask(state, job, device)
  // Nothing is known of the job yet.
  if (each === null) return again ? AT_LEAST_MS : AT_MOST_MS
  const slow = (device.rates.has(job.spec.kind) ? KNOWN : STRANGER) * each * count
  const fair = Math.min(Math.max(slow, again ? AT_LEAST_AGAIN_MS : AT_LEAST_MS), AT_MOST_MS)
  return Math.max(fair, deadlineMs(state, job, device, count))
}
