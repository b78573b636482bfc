import { within } from './intervals.ts'
import type { Job, Lease } from './job-state.ts'
import { newLease } from './leases.ts'
import { msPerTask } from './speed.ts'
import { type Device, type PoolState, voiceOf } from './state.ts'
import { isDecided } from './tasks.ts'
import { joinFlight } from './wants.ts'

// Near the end the slowest leases are lent a second time to idle fast devices; whoever returns a task first decides it.

/** The last part of a job, in which a lease much older than usual is lent again. */
const LAST_SHARE = 0.05
/** "Much older": times the 90th percentile of the job's leases. */
const OLD = 2
/** A second device must be expected to finish in at most this share of the time the first still needs. */
const WORTH_IT = 0.6
/** Leases remembered per job and second. */
const MOST_SLOW = 256
/** Not worth it for so many of the slowest: not worth it for the rest. */
const MOST_LOOKS = 8

/** Once a second, when somebody waits for work: which leases of the job could be lent again. */
export function findSlow(state: PoolState, job: Job): void {
  job.slow = []
  if (state.waiting.size === 0 || job.open.size > 0 || job.leases.size === 0 || job.status !== 'running') return
  job.p90Ms = percentile(job.durations, 0.9)
  job.slow = [...job.leases]
    .filter(({ partner }) => !partner)
    .map((lease) => ({ lease, ms: remainingMs(state, lease) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, MOST_SLOW)
    .map(({ lease }) => lease)
  if (job.slow.length > 0) state.stirred = true
}

/** A second lease for a device that has nothing else to do. */
export function hedge(state: PoolState, device: Device): Lease | null {
  for (const level of state.levels) {
    for (const submitter of level.submitters.values()) {
      for (const job of submitter.jobs) {
        if (job.slow.length === 0 || job.status !== 'running' || (job.spec.devices === 'host' && !device.host)) continue
        const lent = hedgeJob(state, job, device)
        if (lent) return lent
      }
    }
  }
  return null
}

function hedgeJob(state: PoolState, job: Job, device: Device): Lease | null {
  for (let at = 0; at < Math.min(job.slow.length, MOST_LOOKS); at++) {
    const slow = job.slow[at] as Lease
    if (slow.ended || slow.partner) {
      job.slow.splice(at--, 1)
      continue
    }
    if (!isWorth(state, job, slow, device)) continue
    const run = part(state, slow, device)
    if (!run) continue
    job.slow.splice(at, 1)
    const lent = newLease(state, job, device, run[0], run[1], 'again')
    lent.partner = slow
    slow.partner = lent
    for (let task = run[0]; task < run[1]; task++) joinFlight(state, job, task, lent)
    return lent
  }
  return null
}

function isWorth(state: PoolState, job: Job, slow: Lease, device: Device): boolean {
  if (slow.device === device || (voiceOf(state, slow.device) === voiceOf(state, device) && job.agree > 1)) return false
  const mine = (msPerTask(state, job, device) ?? 0) * slow.remaining.size
  const late = job.spec.taskCount - job.decided <= Math.max(LAST_SHARE * job.spec.taskCount, 1)
  const age = state.clock.now - slow.issuedAt
  if (late && job.p90Ms !== null && age > OLD * job.p90Ms && device.pace >= slow.device.pace) return true
  return mine > 0 && mine < WORTH_IT * remainingMs(state, slow)
}

/** Time until the lease is done, as far as its device's speed tells; a lease that has not begun waits for another. */
function remainingMs(state: PoolState, lease: Lease): number {
  const each = msPerTask(state, lease.job, lease.device) ?? 0
  const rest = lease.remaining.size * each
  if (lease.touchedAt !== null) {
    const silent = state.clock.now - lease.touchedAt
    // Silent for much longer than all it had to do: it may well take as long again.
    return silent > 2 * rest ? silent : Math.max(rest - silent, each / 2)
  }
  return rest + Math.max(lease.expectedMs - (state.clock.now - lease.issuedAt), 0)
}

/** The first run of the lease that is still undecided and that this device has not computed. */
function part(state: PoolState, slow: Lease, device: Device): readonly [number, number] | null {
  const { job } = slow
  const voice = voiceOf(state, device)
  const usable = (task: number) => {
    if (isDecided(job.tasks, task)) return false
    const known = job.cases.get(task)
    return !known?.opinions.some(({ by }) => voiceOf(state, by.device) === voice)
  }
  for (const [from, to] of within(slow.remaining, slow.claims.from, slow.claims.to)) {
    let start = from
    while (start < to && !usable(start)) start++
    let end = start
    while (end < to && usable(end)) end++
    if (end > start) return [start, end]
  }
  return null
}

/** How many of the lease's tasks are still undecided. */
export function undecidedLeft(lease: Lease): number {
  let left = 0
  for (const [a, b] of within(lease.remaining, lease.claims.from, lease.claims.to)) {
    for (let task = a; task < b; task++) if (!isDecided(lease.job.tasks, task)) left++
  }
  return left
}

function percentile(values: readonly number[], share: number): number | null {
  if (values.length < 5) return null
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number
}
