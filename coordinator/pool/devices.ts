import type { DeviceId, VolunteerId } from '../../protocol/ids.ts'
import { isIsolated, mayTryAlone, presumedRunning, tried } from './attempts.ts'
import { joinFlight, refreshCase } from './cases.ts'
import { put, take } from './clock.ts'
import { createEventLog, DEVICE_LOG } from './event-log.ts'
import type { PoolEvent } from './events.ts'
import { add, has, remove, runs } from './intervals.ts'
import type { DeviceProgress, LeaseClaims, Reputation } from './job.ts'
import { type Device, isOver, type Lease } from './job-state.ts'
import { dropLease, endLease, giveBack, noteLease, register, remember, stay, touch } from './leases.ts'
import { failed, reputationOf } from './reputation.ts'
import { recount } from './speed.ts'
import { canWork, type PoolState } from './state.ts'
import { certify } from './trust.ts'

type Joined = Extract<PoolEvent, { type: 'deviceJoined' }>

/** A device that left may come back with its leases for so long before they count as lost. */
const RETURN_MS = 60_000

export const NEWCOMER: Reputation = {
  checkedLeases: 0,
  agreements: 0,
  disagreements: 0,
  failuresInRow: 0,
  pausedBecause: null,
  msPerCredit: {},
}

export function meet(state: PoolState, id: DeviceId, volunteer: VolunteerId): Device {
  const known = state.devices.get(id)
  if (known) return known
  const device: Device = {
    id,
    volunteer,
    network: '',
    threads: 1,
    host: false,
    connected: false,
    working: true,
    reputation: NEWCOMER,
    room: 0,
    cap: 2,
    leases: new Set(),
    losses: new Map(),
    rates: new Map(),
    pace: 1,
    counted: null,
    signAt: state.clock.now,
    failedAt: Number.NEGATIVE_INFINITY,
    caughtAt: Number.NEGATIVE_INFINITY,
    pendingCredit: 0,
    probations: 0,
    idle: null,
    leftAt: state.clock.now,
    contributes: new Set(),
    saved: NEWCOMER,
    savedAt: state.clock.now,
    log: createEventLog(DEVICE_LOG),
  }
  state.devices.set(id, device)
  return device
}

export function join(state: PoolState, event: Joined): void {
  const stranger = !state.devices.has(event.device)
  const device = meet(state, event.device, event.volunteer)
  const first = stranger || (!device.connected && device.reputation === NEWCOMER)
  // Of a device that is remembered the pool knows better than any record.
  if (first && event.reputation) welcomeBack(device, event.reputation)
  if (device.volunteer !== event.volunteer) changeVolunteer(state, device, event.volunteer)
  device.network = event.network
  device.threads = event.threads
  device.host = event.host
  device.cap = event.threads + 1
  device.working = true
  device.connected = true
  device.room = 0
  device.idle = null
  state.waiting.delete(device)
  recount(state, device)
  const held = new Set(event.held.map(({ lease }) => lease))
  for (const lease of [...device.leases])
    if (!held.has(lease.claims.lease)) dropLease(state, lease, 'The device came back without it.', false)
  for (const claims of event.held) resumeLease(state, device, claims)
  if (device.host) certify(state, device)
}

/** A recovery code made the device another person's: from now on it works and speaks for them. */
function changeVolunteer(state: PoolState, device: Device, volunteer: VolunteerId): void {
  device.volunteer = volunteer
  const jobs = new Set([...device.contributes, ...[...device.leases].map(({ job }) => job)])
  // Two opinions that were of two people may be of one now, and the other way round.
  for (const job of jobs) for (const [task, taskCase] of job.cases) refreshCase(state, job, task, taskCase)
}

function welcomeBack(device: Device, reputation: Reputation): void {
  device.reputation = reputation
  device.saved = reputation
  // As if it had just worked for a second at the speed it is known for.
  for (const [kind, ms] of Object.entries(reputation.msPerCredit)) {
    if (ms > 0) device.rates.set(kind, { amount: 1000, weight: 1000 / ms })
  }
}

/** Makes a lease the device still holds its own again as far as its tasks are open; otherwise tells it to drop it. */
function resumeLease(state: PoolState, device: Device, claims: LeaseClaims): void {
  const loss = device.losses.get(claims.lease)
  if (loss) {
    device.losses.delete(claims.lease)
    take(state.losses, loss, loss.slot)
  }
  const known = state.leases.get(claims.lease)
  if (known?.device === device) return
  const job = state.jobs.get(claims.job)
  const fits =
    job &&
    !known &&
    !isOver(job.status) &&
    job.status !== 'paused' &&
    claims.device === device.id &&
    claims.issuedAt > device.caughtAt &&
    claims.kernelHash === job.spec.kernelHash &&
    claims.to <= job.spec.taskCount &&
    device.reputation.pausedBecause === null
  if (!fits) {
    const reason = job
      ? isOver(job.status)
        ? `The job is ${job.status}.`
        : 'Its tasks went to others.'
      : 'The job is over.'
    state.effects.push({ type: 'release', device: device.id, claims, reason })
    return
  }
  const mine: number[] = []
  const volunteer = device.volunteer
  for (let task = claims.from; task < claims.to; task++) {
    const bucket = job.cases.get(task)?.bucket
    const isolated = isIsolated(job, task) && (claims.to - claims.from > 1 || !mayTryAlone(state, job, task, device))
    const wanted = bucket && !bucket.by.some((contributor) => contributor.device.volunteer === volunteer)
    if (!isolated && (has(job.open, task) || wanted)) mine.push(task)
  }
  if (mine.length === 0) {
    state.effects.push({ type: 'release', device: device.id, claims, reason: 'Its tasks went to others.' })
    return
  }
  const lease = register(state, claims, job, device, 'kept', loss?.lease.agesFrom)
  for (const task of mine) {
    remove(job.open, task, task + 1)
    add(lease.remaining, task, task + 1)
    if (job.cases.has(task)) joinFlight(state, job, task, lease)
  }
  noteLease(state, lease, 'kept', '')
}

export function leave(state: PoolState, device: Device, goodbye: boolean): void {
  const running = presumedRunning(device)
  for (const lease of [...device.leases]) {
    giveBack(state, lease, lease.claims.from, lease.claims.to)
    if (!goodbye && running.includes(lease)) {
      const task = lease.task ?? runs(lease.remaining)[0]?.[0] ?? lease.claims.from
      const loss = { lease, task, slot: 0 }
      loss.slot = put(state.losses, loss, state.clock.now + RETURN_MS)
      device.losses.set(lease.claims.lease, loss)
    }
    endLease(state, lease)
    noteLease(state, lease, 'given back', goodbye ? 'the device said goodbye' : 'the connection broke')
  }
  device.connected = false
  device.room = 0
  device.leftAt = state.clock.now
  state.waiting.delete(device)
  recount(state, device)
  state.changedStandings.add(device)
}

/** Nothing needs to be remembered of a device that is gone and has no part in a running job. */
export function forgettable(state: PoolState, device: Device): boolean {
  return (
    !device.connected &&
    device.contributes.size === 0 &&
    device.losses.size === 0 &&
    state.clock.now - device.leftAt > RETURN_MS
  )
}

export function deviceProgress(state: PoolState, device: Device): DeviceProgress {
  const known = device.rates.size > 0 && state.medianPace > 0
  return {
    id: device.id,
    volunteer: device.volunteer,
    threads: device.threads,
    leases: device.leases.size,
    pendingCredit: device.pendingCredit,
    state: !canWork(device) ? 'paused' : device.leases.size > 0 ? 'working' : 'idle',
    speed: known ? device.pace / state.medianPace : 0,
    reputation: reputationOf(device),
  }
}

export function medianPace(devices: Iterable<Device>): number {
  const paces: number[] = []
  for (const device of devices) if (device.connected && device.rates.size > 0) paces.push(device.pace)
  paces.sort((a, b) => a - b)
  return paces[paces.length >> 1] ?? 0
}

// What devices say of their leases besides results.

type Event<Type extends PoolEvent['type']> = Extract<PoolEvent, { type: Type }>

function leaseOf(state: PoolState, device: Device, id: Lease['claims']['lease']): Lease | null {
  const lease = state.leases.get(id)
  return lease?.device === device ? lease : null
}

function isPartOf(lease: Lease, task: number): boolean {
  return task >= lease.claims.from && task < lease.claims.to
}

export function progressed(state: PoolState, device: Device, event: Event<'progressed'>): void {
  device.signAt = state.clock.now
  const lease = leaseOf(state, device, event.claims.lease)
  // Lent before a restart, or given up too early: it is still being computed.
  if (!lease) resumeLease(state, device, event.claims)
  if (!lease || !isPartOf(lease, event.task)) return
  lease.task = event.task
  const reached = event.task + event.share
  if (reached > lease.reached) {
    lease.reached = reached
    touch(state, lease)
  } else stay(state, lease)
}

/** The kernel threw: the rest of the lease goes to others. */
export function errored(state: PoolState, device: Device, event: Event<'taskErrored'>): void {
  const lease = leaseOf(state, device, event.claims.lease)
  if (!lease || !isPartOf(lease, event.task)) return
  dropLease(state, lease, '', false)
  const alone = tried(state, lease, event.task, event.message, true)
  remember(state, lease.job, device, event.task, event.task + 1, 'error', event.message)
  if (!alone) failed(state, device, lease.issuedAt, `a task ended with an error (${event.message}).`)
}

/** The device will not compute the tasks from here on; nothing is wrong with it or them. */
export function handedBack(state: PoolState, device: Device, event: Event<'leaseHandedBack'>): void {
  const lease = leaseOf(state, device, event.claims.lease)
  if (!lease) return
  giveBack(state, lease, event.from, event.claims.to)
  remove(lease.remaining, event.from, event.claims.to)
  if (lease.remaining.size === 0) endLease(state, lease)
  noteLease(state, lease, 'handed back', '')
}
