import { joinFlight } from './cases.ts'
import { within } from './intervals.ts'
import type { Device, Job, Lease } from './job-state.ts'
import { dropLease, newLease } from './leases.ts'
import { msPerTask } from './speed.ts'
import type { PoolState } from './state.ts'
import { isDecided } from './tasks.ts'

// Near the end nothing fresh is left and idle devices help the others: leases that still wait behind another on their
// device go back first, to be shared anew; then the slowest are lent a second time, from their end, where their own device
// comes last. Whoever returns a task first decides it.

/** The last part of a job, in which a lease much older than usual is lent again. */
const LAST_SHARE = 0.05
/** "Much older": times the 90th percentile of the job's leases. */
const OLD = 2
/** "Old" where too little is known of the job to tell. */
const UNKNOWN_OLD_MS = 20_000
/** A second device must be expected to finish in at most this share of the time the first still needs. */
const WORTH_IT = 0.6
/** What is taken back costs nothing: it needs only be done sooner. */
const SOONER = 0.9
/** Help for less than this would take as long to arrange. */
const LEAST_MS = 250
/** Who is slow is looked up this often: a waiting crowd must not cost a look for each of it. */
const LOOK_EVERY_MS = 250
/** Leases remembered per job and look. */
const MOST_SLOW = 256
/** Not worth it for so many of the slowest: not worth it for the rest. */
const MOST_LOOKS = 8

/** Which leases of the job need help most. */
function findSlow(state: PoolState, job: Job): void {
  job.slow = []
  job.slowAt = state.clock.now
  if (job.open.size > 0 || job.leases.size === 0 || job.status !== 'running') return
  job.p90Ms = percentile(job.durations, 0.9)
  job.slow = [...job.leases]
    .filter(({ partner }) => !partner)
    .map((lease) => ({ lease, ms: remainingMs(state, lease) }))
    .filter(({ ms }) => ms > LEAST_MS)
    .sort((a, b) => b.ms - a.ms)
    .slice(0, MOST_SLOW)
    .map(({ lease }) => lease)
}

/** Frees what waits for another device though this one has nothing to do; true when there is something to lend again. */
export function takeBack(state: PoolState, device: Device): boolean {
  return help(state, device, (job, slow) => {
    if (!isQueued(slow) || slow.why === 'check' || slow.why === 'again') return false
    if ((msPerTask(state, job, device) ?? 0) > SOONER * remainingMs(state, slow)) return false
    job.slow = job.slow.filter((lease) => lease !== slow)
    dropLease(state, slow, 'It was still waiting here, and others have nothing to do.', true)
    return job.open.size > 0
  })
}

/** A second lease for a device that has nothing else to do. */
export function hedge(state: PoolState, device: Device): Lease | null {
  let lent: Lease | null = null
  help(state, device, (job, slow) => {
    const run = part(state, slow, device)
    if (!run || !isWorth(state, job, slow, device, run[1] - run[0])) return false
    job.slow = job.slow.filter((lease) => lease !== slow)
    lent = newLease(state, job, device, run[0], run[1], 'again')
    lent.partner = slow
    slow.partner = lent
    slow.shared = true
    for (let task = run[0]; task < run[1]; task++) joinFlight(state, job, task, lent)
    return true
  })
  return lent
}

/** Offers slow leases of others, of the most urgent jobs first and there the slowest, until one is taken up. */
function help(state: PoolState, device: Device, takeUp: (job: Job, slow: Lease) => boolean): boolean {
  if (device.leases.size >= device.threads) return false
  for (const level of state.levels) {
    for (const submitter of level.submitters.values()) {
      for (const job of submitter.jobs) {
        if (job.open.size > 0 || job.status !== 'running' || (job.spec.devices === 'host' && !device.host)) continue
        if (state.clock.now - job.slowAt >= LOOK_EVERY_MS) findSlow(state, job)
        for (const slow of job.slow.slice(0, MOST_LOOKS)) {
          if (slow.ended || slow.partner || slow.device === device) continue
          if (takeUp(job, slow)) return true
        }
      }
    }
  }
  return false
}

/** Its device has not begun it and is busy with others. */
function isQueued({ touchedAt, device }: Lease): boolean {
  return touchedAt === null && device.leases.size > device.threads
}

function isWorth(state: PoolState, job: Job, slow: Lease, device: Device, count: number): boolean {
  if (slow.device.volunteer === device.volunteer && job.agree > 1) return false
  const age = state.clock.now - slow.agesFrom
  const mine = (msPerTask(state, job, device) ?? 0) * count
  // Nothing of this job has been measured yet.
  if (mine === 0) return age > UNKNOWN_OLD_MS
  const old = job.p90Ms === null ? Math.max(OLD * slow.expectedMs, UNKNOWN_OLD_MS) : OLD * job.p90Ms
  const late = job.spec.taskCount - job.decided <= Math.max(LAST_SHARE * job.spec.taskCount, 1)
  // A helper that needs longer would only keep faster ones away.
  if (late && age > old && mine <= age) return true
  return mine < WORTH_IT * remainingMs(state, slow)
}

/** Time until the lease is done, as far as its device's speed and its age tell. What the device says meanwhile costs it nothing. */
function remainingMs(state: PoolState, lease: Lease): number {
  const each = msPerTask(state, lease.job, lease.device) ?? 0
  const rest = lease.remaining.size * each
  if (isQueued(lease)) return rest + Math.max(lease.expectedMs - (state.clock.now - lease.issuedAt), 0)
  const waited = state.clock.now - lease.landedAt
  // Nothing came for much longer than all it has to do: it may well take as long again.
  return waited > 2 * rest ? waited : Math.max(rest - waited, each / 2)
}

/**
 * Of the lease's last run of tasks that are undecided and that this device has not computed, as much from the end as it
 * does in the time the other needs for the rest.
 */
function part(state: PoolState, slow: Lease, device: Device): readonly [number, number] | null {
  const { job } = slow
  const volunteer = device.volunteer
  const usable = (task: number) => {
    if (isDecided(job.tasks, task)) return false
    const known = job.cases.get(task)
    return !known?.opinions.some(({ by }) => by.device.volunteer === volunteer)
  }
  for (const [from, to] of [...within(slow.remaining, slow.claims.from, slow.claims.to)].reverse()) {
    let end = to
    while (end > from && !usable(end - 1)) end--
    let start = end
    while (start > from && usable(start - 1)) start--
    if (start === end) continue
    const theirs = remainingMs(state, slow) / slow.remaining.size
    const share = theirs > 0 ? theirs / (theirs + (msPerTask(state, job, device) ?? 0)) : 1
    return [end - Math.max(1, Math.floor((end - start) * share)), end]
  }
  return null
}

function percentile(values: readonly number[], share: number): number | null {
  if (values.length < 5) return null
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number
}
