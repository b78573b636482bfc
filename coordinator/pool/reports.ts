import { resumeLease } from './devices.ts'
import type { PoolEvent } from './events.ts'
import { failed } from './failures.ts'
import { remove } from './intervals.ts'
import type { Lease } from './job-state.ts'
import { refusalOf, rejected } from './judge.ts'
import { dropLease, endLease, giveBack, noteLease, remember, stay, touch } from './leases.ts'
import { tried } from './losses.ts'
import type { Device, PoolState } from './state.ts'

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

/** Bytes no honest kernel returns: the task goes to others, the rest of the lease goes on. */
export function malformed(state: PoolState, event: Event<'resultMalformed'>): void {
  const { claims, task, ref } = event
  const device = state.devices.get(event.device)
  const job = state.jobs.get(claims.job)
  const refusal = refusalOf(state, event, device, job, task, task + 1)
  const verdict = refusal ?? rejected('invalid', event.message)
  state.effects.push({ type: 'acknowledge', device: event.device, ref, runs: [{ from: task, to: task + 1, verdict }] })
  if (refusal || !device || !job) return
  state.changes.push({
    type: 'resultRefused',
    device: device.id,
    job: job.spec.id,
    lease: claims.lease,
    from: task,
    to: task + 1,
    reason: 'invalid',
    message: event.message,
  })
  remember(state, job, device, task, task + 1, 'invalid', event.message)
  const lease = leaseOf(state, device, claims.lease)
  if (!lease) return
  giveBack(state, lease, task, task + 1)
  remove(lease.remaining, task, task + 1)
  const alone = tried(state, lease, task, event.message, true)
  if (lease.remaining.size === 0) endLease(state, lease)
  if (!alone) failed(state, device, lease.issuedAt, `a result was invalid (${event.message}).`)
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
