import { MAX_LEASE_TASKS } from '../../protocol/limits.ts'
import { isNewcomer } from './audit.ts'
import type { Contributor, Job } from './job-state.ts'
import { msPerTask, paceIn } from './speed.ts'
import type { PoolState } from './state.ts'

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
