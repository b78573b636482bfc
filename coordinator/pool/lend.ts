import { mustWait, NEWCOMER_LEASES } from './audit.ts'
import { charge, firstOf } from './choose.ts'
import { hedge, takeBack } from './hedge.ts'
import { idleReason } from './idle.ts'
import { remove } from './intervals.ts'
import type { Device, Job, Lease } from './job-state.ts'
import { newLease, noteLease } from './leases.ts'
import { type Offer, offerOf } from './offer.ts'
import { canWork, type PoolState } from './state.ts'
import { joinFlight } from './wants.ts'

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
