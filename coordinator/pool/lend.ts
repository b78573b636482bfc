import { isIsolated, mayTryAlone } from './attempts.ts'
import { joinFlight, mayVote } from './cases.ts'
import { mustWait, NEWCOMER_LEASES } from './checks.ts'
import { charge, firstOf } from './choose.ts'
import { contribute } from './credit.ts'
import { hedge, takeBack } from './hedge.ts'
import { remove } from './intervals.ts'
import type { Bucket, Device, Job, Lease, LeaseReason } from './job-state.ts'
import { leaseLength, newLease, noteLease } from './leases.ts'
import { pick } from './random.ts'
import { canWork, type PoolState } from './state.ts'
import { idleReason } from './waiting.ts'

/** Waiting devices tried in vain before the rest wait for the next event: nobody's turn may cost everybody's time. */
const MOST_REFUSALS = 8
/** Once a second more of them are asked, and help the slow. */
const MOST_REFUSALS_PER_TICK = 512

/** Gives the device what it asked for, as far as there is something. */
export function serve(state: PoolState, device: Device): void {
  while (hasRoom(device) && lendTo(state, device, true)) device.room--
  settleWaiting(state, device)
}

/** Something became available: waiting devices get one lease each in turn, so that small jobs spread. */
export function serveWaiting(state: PoolState): void {
  let refusals = 0
  const most = state.ticking ? MOST_REFUSALS_PER_TICK : MOST_REFUSALS
  for (const device of state.waiting) {
    if (refusals >= most) break
    // Served or not, the next in line comes first next time.
    state.waiting.delete(device)
    // Who holds all it may now stays in line: one of its leases may end without another word from it.
    if (wantsMore(device) && !hasRoom(device)) {
      refusals++
      state.waiting.add(device)
      continue
    }
    if (!wantsMore(device)) continue
    if (lendTo(state, device, state.ticking)) {
      device.room--
      if (wantsMore(device)) state.waiting.add(device)
    } else {
      refusals++
      settleWaiting(state, device)
    }
  }
}

function wantsMore(device: Device): boolean {
  return canWork(device) && device.room > 0
}

function hasRoom(device: Device): boolean {
  return wantsMore(device) && device.leases.size < device.cap
}

function settleWaiting(state: PoolState, device: Device): void {
  if (!wantsMore(device)) {
    state.waiting.delete(device)
    return
  }
  state.waiting.add(device)
  if (device.leases.size > 0) return
  const { code, because } = idleReason(state, device)
  if (device.idle === code) return
  device.idle = code
  state.effects.push({ type: 'idle', device: device.id, because })
}

function lendTo(state: PoolState, device: Device, helping: boolean): boolean {
  let lent = lendFirst(state, device)
  if (!lent && helping) lent = takeBack(state, device) ? lendFirst(state, device) : hedge(state, device)
  if (!lent) return false
  announce(state, lent)
  return true
}

function lendFirst(state: PoolState, device: Device): Lease | null {
  let lent: Lease | null = null
  const choice = firstOf(state, (job) => {
    const offer = offerOf(state, job, device)
    if (offer) lent = lease(state, job, device, offer)
    return offer !== null
  })
  if (choice && lent) charge(choice, (lent as Lease).expectedMs)
  return lent
}

function lease(state: PoolState, job: Job, device: Device, { from, to, why }: Offer): Lease {
  const lent = newLease(state, job, device, from, to, why)
  remove(job.open, from, to)
  if (job.cases.size > 0) for (let task = from; task < to; task++) joinFlight(state, job, task, lent)
  if (mustWait(job, device) && device.reputation.checkedLeases + device.probations < NEWCOMER_LEASES) {
    lent.probation = { device, open: 0, failed: false, closed: false, validated: 0, done: false }
    device.probations++
  }
  return lent
}

function announce(state: PoolState, lent: Lease): void {
  state.effects.push({
    type: 'lend',
    device: lent.device.id,
    claims: lent.claims,
    deadlineMs: lent.deadline - lent.issuedAt,
  })
  noteLease(state, lent, 'lent', lent.why)
}

/** More tasks than this waiting for a second opinion are not piled up; what is there must be checked first. */
const MOST_CASES = 200_000
/** Buckets looked at for one offer; the start is drawn anew each time. */
const MOST_LOOKS = 32

interface Offer {
  readonly from: number
  readonly to: number
  readonly why: LeaseReason
}

/** What this device may compute of the job now. */
function offerOf(state: PoolState, job: Job, device: Device): Offer | null {
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
