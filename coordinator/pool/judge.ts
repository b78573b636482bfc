import type { RejectReason, Verdict } from '../../protocol/device.ts'
import { computed, tried } from './attempts.ts'
import { leaveFlight } from './cases.ts'
import { contribute } from './credit.ts'
import type { VerdictRun } from './effects.ts'
import type { PoolEvent } from './events.ts'
import { remove } from './intervals.ts'
import { type Device, isOver, type Job, type Lease } from './job-state.ts'
import { dropLease, endLease, giveBack, remember, touch, undecidedLeft } from './leases.ts'
import { blame, failed, succeeded } from './reputation.ts'
import { measured } from './speed.ts'
import type { PoolState } from './state.ts'
import { type Arrival, carryOut, classify, isSame, type Outcome } from './verdict.ts'

type Returned = Extract<PoolEvent, { type: 'resultReturned' }>

/** Last lease durations remembered per job. */
const DURATIONS = 64
const FASTER = 'Another device was faster.'

/** Judges a returned result task by task and answers it. */
export function judge(state: PoolState, event: Returned): void {
  const to = event.from + event.prices.length
  const acknowledge = (runs: readonly VerdictRun[]) =>
    state.effects.push({ type: 'acknowledge', device: event.device, ref: event.ref, runs })
  const device = state.devices.get(event.device)
  const job = state.jobs.get(event.claims.job)
  const refusal = refusalOf(state, event, device, job, event.from, to)
  if (refusal || !device || !job) {
    acknowledge([{ from: event.from, to, verdict: refusal ?? rejected('unknown-lease', 'No such lease.') }])
    return
  }
  const lease = leaseOf(state, event, device)
  const arrival: Arrival = {
    event,
    job,
    by: contribute(job, device),
    lease,
    msPerTask: believedMs(state, event, lease) / event.prices.length,
  }
  if (lease) land(state, lease, event.from, to)
  measure(state, arrival)
  const runs = walk(state, arrival, to)
  acknowledge(runs)
  if (runs.some(({ verdict }) => isSuccess(verdict))) succeeded(state, device)
  if (lease) finish(state, lease)
}

/** Bytes no honest kernel returns: the task goes to others, the rest of the lease goes on. */
export function malformed(state: PoolState, event: Extract<PoolEvent, { type: 'resultMalformed' }>): void {
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
  const lease = leaseOf(state, event, device)
  if (!lease) return
  giveBack(state, lease, task, task + 1)
  remove(lease.remaining, task, task + 1)
  const alone = tried(state, lease, task, event.message, true)
  if (lease.remaining.size === 0) endLease(state, lease)
  if (!alone) failed(state, device, lease.issuedAt, `a result was invalid (${event.message}).`)
}

/** Why the whole message cannot count, if so. */
function refusalOf(
  state: PoolState,
  event: Pick<Returned, 'claims' | 'device'>,
  device: Device | undefined,
  job: Job | undefined,
  from: number,
  to: number,
): Verdict | null {
  const { claims } = event
  if (!device || claims.device !== event.device)
    return rejected('unknown-lease', 'This lease was lent to another device.')
  if (!job) {
    const finished = state.finished.get(claims.job)
    return finished
      ? rejected('not-running', `The job is ${finished.progress.status}.`)
      : rejected('unknown-lease', 'The job of this lease does not exist any more.')
  }
  if (isOver(job.status)) return rejected('not-running', `The job is ${job.status}.`)
  if (from < claims.from || to > claims.to || claims.to > job.spec.taskCount) {
    return rejected('unknown-lease', 'These tasks are not part of the lease.')
  }
  if (claims.kernelHash !== job.spec.kernelHash) {
    return rejected(
      'outdated',
      'This was computed by another version of the kernel. Reload the page or update the agent.',
    )
  }
  return null
}

function rejected(reason: RejectReason, message: string): Verdict {
  return { type: 'rejected', reason, message }
}

function leaseOf(state: PoolState, { claims }: Pick<Returned, 'claims'>, device: Device): Lease | null {
  const lease = state.leases.get(claims.lease)
  return lease?.device === device ? lease : null
}

/** Compute time as told, but never more than has passed since the lease was lent. */
function believedMs(state: PoolState, event: Returned, lease: Lease | null): number {
  if (!lease) return 0
  return Math.min(event.computeMs, state.clock.now - lease.issuedAt)
}

function measure(state: PoolState, { event, job, by, lease, msPerTask }: Arrival): void {
  if (!lease) return
  let credit = 0
  for (const price of event.prices) credit += price
  measured(state, job, by.device, event.prices.length, credit, msPerTask * event.prices.length)
}

/** The lease has brought these tasks. */
function land(state: PoolState, lease: Lease, from: number, to: number): void {
  // The same results again bring nothing.
  if (remove(lease.remaining, from, to) > 0) {
    touch(state, lease)
    lease.landedAt = state.clock.now
  }
  if (lease.job.cases.size > 0) for (let task = from; task < to; task++) leaveFlight(state, lease.job, task, lease)
}

/** Groups tasks with the same outcome into runs and carries each out. */
function walk(state: PoolState, arrival: Arrival, to: number): VerdictRun[] {
  const { event, job, by } = arrival
  const runs: VerdictRun[] = []
  let start = event.from
  let current: Outcome | null = null
  for (let task = event.from; task < to; task++) {
    const at = 2 * (task - event.from)
    const outcome = classify(job, by, task, event.digests[at] as number, event.digests[at + 1] as number)
    if (current && !isSame(current, outcome)) {
      conclude(state, arrival, start, task, current, runs)
      start = task
    }
    current ??= outcome
    if (start === task) current = outcome
  }
  if (current) conclude(state, arrival, start, to, current, runs)
  return runs
}

function conclude(
  state: PoolState,
  arrival: Arrival,
  from: number,
  to: number,
  outcome: Outcome,
  runs: VerdictRun[],
): void {
  carryOut(state, arrival, from, to, outcome)
  const verdict = verdictOf(outcome)
  runs.push({ from, to, verdict })
  const { job, by } = arrival
  if ((job.attempts.size > 0 || job.suspects.size > 0) && outcome.type !== 'differs') {
    const counts = outcome.type === 'decides' || outcome.type === 'settles' || outcome.type === 'agrees'
    for (let task = from; task < to; task++) blame(state, computed(job, task, counts), by.device, task)
  }
  remember(state, job, by.device, from, to, 'returned', wordOf(verdict))
}

function verdictOf(outcome: Outcome): Verdict {
  switch (outcome.type) {
    case 'duplicate':
      return rejected('duplicate', 'Your result for this task is already in.')
    case 'decides':
    case 'settles':
      return { type: 'accepted' }
    case 'waits':
      return { type: 'pending' }
    case 'agrees':
      return outcome.solicited ? { type: 'accepted' } : { type: 'late', agreed: true }
    case 'differs':
      return outcome.proven
        ? rejected('disagrees', 'Others agree on a different output.')
        : { type: 'late', agreed: false }
    default:
      return outcome satisfies never
  }
}

/** Right as far as anybody knows; a newcomer's result is, once others agree. */
function isSuccess(verdict: Verdict): boolean {
  return verdict.type === 'accepted' || (verdict.type === 'late' && verdict.agreed)
}

function wordOf(verdict: Verdict): string {
  if (verdict.type === 'late') return verdict.agreed ? 'late, agreed' : 'late, differs'
  return verdict.type === 'rejected' ? verdict.reason : verdict.type
}

/** A lease that brought everything is over; so are it and its double when nothing undecided is left for them. */
function finish(state: PoolState, lease: Lease): void {
  const { partner, job } = lease
  if (partner && undecidedLeft(partner) === 0) dropLease(state, partner, FASTER, true)
  if (lease.remaining.size > 0) {
    if (lease.shared && undecidedLeft(lease) === 0) dropLease(state, lease, FASTER, true)
    return
  }
  const duration = state.clock.now - lease.issuedAt
  job.durations[job.durationAt++ % DURATIONS] = duration
  endLease(state, lease)
}
