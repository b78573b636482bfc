import { isNewcomer } from './checks.ts'
import { add, intervals, remove } from './intervals.ts'
import type { Bucket, Case, Contributor, Device, Job, Lease } from './job-state.ts'
import type { PoolState } from './state.ts'
import { deciderOf, digestIs, isDecided } from './tasks.ts'

// Cases are tasks that need more opinions. Those that still lack one in flight stand in buckets by whose word they
// already have, so that a device finds one it may take without looking at tasks.

/** Makes sure that there is a case; `partner` is another lease that already computes the task. */
export function openCase(job: Job, task: number, partner: Lease | null): Case {
  const known = job.cases.get(task)
  if (known) return known
  const opened: Case = { opinions: [], flight: partner ? [partner] : [], bucket: null }
  job.cases.set(task, opened)
  return opened
}

export function closeCase(job: Job, task: number): void {
  const closing = job.cases.get(task)
  if (!closing) return
  leaveBucket(job, task, closing)
  job.cases.delete(task)
}

/** Puts the case into the bucket it belongs to, or none when enough opinions are on their way. */
export function refreshCase(state: PoolState, job: Job, task: number, taskCase: Case): void {
  leaveBucket(job, task, taskCase)
  const missing = job.agree - support(job, task, taskCase)
  if (missing <= usefulFlights(job, task, taskCase)) return
  const by = taskCase.opinions.map((opinion) => opinion.by)
  for (const lease of taskCase.flight) {
    const contributor = job.contributorOf.get(lease.device.id)
    if (contributor && !by.includes(contributor)) by.push(contributor)
  }
  if (isDecided(job.tasks, task)) by.push(job.contributors[deciderOf(job.tasks, task)] as Contributor)
  const urgent = isUrgent(job, task, taskCase)
  if (by.length > 1) by.sort((a, b) => a.index - b.index)
  let key = urgent ? 'u' : 'l'
  for (const contributor of by) key += `,${contributor.index}`
  const bucket = job.wanted.get(key) ?? openBucket(state, job, key, by, urgent)
  add(bucket.tasks, task, task + 1)
  taskCase.bucket = bucket
  state.stirred = true
}

/** Whether checking comes before fresh work: a newcomer's first leases, audits, disagreements, and every quorum. */
function isUrgent(job: Job, task: number, taskCase: Case): boolean {
  if (job.spec.trust !== 'normal' || taskCase.opinions.length !== 1 || isDecided(job.tasks, task)) return true
  return taskCase.opinions[0]?.probation != null
}

/** Independent volunteers behind the best supported output. */
function support(job: Job, task: number, taskCase: Case): number {
  const decided = isDecided(job.tasks, task)
  if (taskCase.opinions.length < 2 && !decided) return taskCase.opinions.length
  let best = decided ? 1 : 0
  for (const opinion of taskCase.opinions) {
    const volunteers = new Set<string>()
    for (const other of taskCase.opinions) {
      if (other.high === opinion.high && other.low === opinion.low) volunteers.add(other.by.device.volunteer)
    }
    if (decided && digestIs(job.tasks, task, opinion.high, opinion.low)) {
      volunteers.add((job.contributors[deciderOf(job.tasks, task)] as Contributor).device.volunteer)
    }
    best = Math.max(best, volunteers.size)
  }
  return best
}

/** Leases that will bring an opinion of somebody who has none yet; late results may have been faster than they. */
export function usefulFlights(job: Job, task: number, taskCase: Case): number {
  if (taskCase.flight.length === 0) return 0
  const decider = isDecided(job.tasks, task) ? job.contributors[deciderOf(job.tasks, task)] : undefined
  const heard = [...taskCase.opinions.map((opinion) => opinion.by), ...(decider ? [decider] : [])]
  const volunteers = new Set(heard.map((by) => by.device.volunteer))
  return taskCase.flight.filter((lease) => !volunteers.has(lease.device.volunteer)).length
}

function openBucket(state: PoolState, job: Job, key: string, by: readonly Contributor[], urgent: boolean): Bucket {
  const bucket: Bucket = { key, by, tasks: intervals(), urgent, since: state.clock.now, place: job.wantedList.length }
  job.wanted.set(key, bucket)
  job.wantedList.push(bucket)
  return bucket
}

/** Takes the case out of its bucket; an empty bucket goes. */
function leaveBucket(job: Job, task: number, taskCase: Case): void {
  const bucket = taskCase.bucket
  if (!bucket) return
  taskCase.bucket = null
  remove(bucket.tasks, task, task + 1)
  if (bucket.tasks.size > 0) return
  job.wanted.delete(bucket.key)
  const moved = job.wantedList.pop() as Bucket
  if (moved === bucket) return
  job.wantedList[bucket.place] = moved
  moved.place = bucket.place
}

/** The lease will bring an opinion on the task after all, or will not any more. */
export function joinFlight(state: PoolState, job: Job, task: number, lease: Lease): void {
  const taskCase = job.cases.get(task)
  if (!taskCase || taskCase.flight.includes(lease)) return
  taskCase.flight.push(lease)
  refreshCase(state, job, task, taskCase)
}

export function leaveFlight(state: PoolState, job: Job, task: number, lease: Lease): void {
  const taskCase = job.cases.get(task)
  const at = taskCase ? taskCase.flight.indexOf(lease) : -1
  if (!taskCase || at < 0) return
  taskCase.flight.splice(at, 1)
  refreshCase(state, job, task, taskCase)
}

// Who may give another opinion: another volunteer always; another network and somebody already known wherever there is one.

/** A check that the best suited did not take for so long goes to whoever may. */
const PATIENCE_MS = 10_000

/** Whether this device may and should check the tasks of the bucket. */
export function mayVote(state: PoolState, bucket: Bucket, device: Device): boolean {
  const volunteer = device.volunteer
  if (bucket.by.some((contributor) => contributor.device.volunteer === volunteer)) return false
  if (device.host || state.clock.now - bucket.since >= PATIENCE_MS) return true
  if (bucket.by.some((contributor) => contributor.device.network === device.network) && anotherNetwork(state, bucket))
    return false
  // Two newcomers vouching for each other prove little.
  return !(isNewcomer(device) && state.known > 0 && bucket.by.every((contributor) => isNewcomer(contributor.device)))
}

function anotherNetwork(state: PoolState, bucket: Bucket): boolean {
  const own = new Set(bucket.by.map((contributor) => contributor.device.network))
  let looked = 0
  for (const network of state.networks.keys()) {
    if (!own.has(network)) return true
    if (++looked > own.size) break
  }
  return false
}

/** Whether anybody working here could check the tasks of the bucket. */
export function anybodyFor(state: PoolState, bucket: Bucket): boolean {
  const own = new Set<string>(bucket.by.map((contributor) => contributor.device.volunteer))
  for (const volunteer of state.volunteers.keys()) if (!own.has(volunteer)) return true
  return false
}
