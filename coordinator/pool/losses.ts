import { countAttempt } from './attempts.ts'
import { failed } from './failures.ts'
import { runs } from './intervals.ts'
import type { Lease } from './job-state.ts'
import { failJob } from './jobs.ts'
import { deadlineMs, dropLease } from './leases.ts'
import { oldestMs } from './oldest.ts'
import type { Device, PoolState } from './state.ts'
import { OPEN, PENDING, stateOf } from './tasks.ts'
import { due, put } from './wheel.ts'

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
