import { isIsolated, mayTryAlone } from './attempts.ts'
import { contribute } from './contribute.ts'
import { mayVote } from './independence.ts'
import type { Bucket, Device, Job, LeaseReason } from './job-state.ts'
import { leaseLength } from './lease-length.ts'
import { pick } from './random.ts'
import type { PoolState } from './state.ts'

/** More tasks than this waiting for a second opinion are not piled up; what is there must be checked first. */
const MOST_CASES = 200_000
/** Buckets looked at for one offer; the start is drawn anew each time. */
const MOST_LOOKS = 32

export interface Offer {
  readonly from: number
  readonly to: number
  readonly why: LeaseReason
}

/** What this device may compute of the job now. */
export function offerOf(state: PoolState, job: Job, device: Device): Offer | null {
  if (job.spec.devices === 'host' && !device.host) return null
  return check(state, job, device, true) ?? fresh(state, job, device) ?? check(state, job, device, false)
}

function fresh(state: PoolState, job: Job, device: Device): Offer | null {
  if (job.open.size === 0 || (job.cases.size >= MOST_CASES && !device.host)) return null
  const { starts, ends } = job.open
  for (let i = 0; i < starts.length; i++) {
    const run = suitable(state, job, device, starts[i] as number, ends[i] as number)
    if (run) return cut(state, job, device, run[0], run[1], job.open.size, 'fresh')
  }
  return null
}

function check(state: PoolState, job: Job, device: Device, urgent: boolean): Offer | null {
  const count = job.wantedList.length
  if (count === 0) return null
  const start = pick(state.random, count)
  for (let i = 0; i < Math.min(count, MOST_LOOKS); i++) {
    const bucket = job.wantedList[(start + i) % count] as Bucket
    if (bucket.urgent !== urgent || !mayVote(state, bucket, device)) continue
    const { starts, ends } = bucket.tasks
    const run = suitable(state, job, device, starts[0] as number, ends[0] as number)
    if (run) return cut(state, job, device, run[0], run[1], bucket.tasks.size, 'check')
  }
  return null
}

function cut(
  state: PoolState,
  job: Job,
  device: Device,
  from: number,
  to: number,
  left: number,
  why: LeaseReason,
): Offer {
  const length = leaseLength(state, job, contribute(job, device), left)
  return { from, to: Math.min(to, from + length), why: job.attempts.size > 0 && isIsolated(job, from) ? 'alone' : why }
}

/** The first part of the run that this device may have: a task that failed three times stands alone. */
function suitable(
  state: PoolState,
  job: Job,
  device: Device,
  from: number,
  to: number,
): readonly [number, number] | null {
  if (job.attempts.size === 0) return [from, to]
  let start = from
  while (start < to && isIsolated(job, start)) {
    if (mayTryAlone(state, job, start, device)) return [start, start + 1]
    start++
  }
  let end = start
  while (end < to && end - start < 1000 && !isIsolated(job, end)) end++
  return end > start ? [start, end] : null
}
