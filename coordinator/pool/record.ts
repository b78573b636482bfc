import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import { closeCase, openCase, refreshCase } from './cases.ts'
import { contribute, payeeOf, pay as payLine, returnedFor } from './credit.ts'
import type { Change, Effect } from './effects.ts'
import type { ResultRef } from './events.ts'
import { add, has, remove } from './intervals.ts'
import type { Case, Contributor, Device, Job, Lease, Opinion, Probation } from './job-state.ts'
import { broken, type PoolState } from './state.ts'
import * as tasks from './tasks.ts'

// The only place where a task changes its state. What is saved is what is applied, so replaying what was saved
// rebuilds the same job.

type TaskChange = Extract<
  Change,
  { readonly type: 'resultKept' | 'tasksDecided' | 'tasksValidated' | 'resultsRevoked' }
>

/** What the live pool adds to a change, and a replay does not have. */
export interface Applying {
  /** Credit is earned now; in a replay it was earned before. */
  readonly live: boolean
  readonly msPerTask: number
  readonly lease: Lease | null
}

export function apply(state: PoolState, job: Job, change: TaskChange, how: Applying): void {
  switch (change.type) {
    case 'resultKept':
      keep(state, job, change, how)
      break
    case 'tasksDecided': {
      const by = contributorOf(state, job, change.device)
      for (let task = change.from; task < change.to; task++) decide(state, job, task, by, change.how, how)
      break
    }
    case 'tasksValidated':
      for (let task = change.from; task < change.to; task++) {
        if (tasks.stateOf(job.tasks, task) === tasks.ACCEPTED) tasks.setState(job.tasks, task, tasks.VALIDATED)
        closeCase(job, task)
      }
      break
    case 'resultsRevoked': {
      const by = contributorOf(state, job, change.device)
      for (let task = change.from; task < change.to; task++) revoke(state, job, task, by, how)
      break
    }
    default:
      change satisfies never
  }
}

function keep(state: PoolState, job: Job, change: Extract<TaskChange, { type: 'resultKept' }>, how: Applying): void {
  const { from, to, prices, digests } = change
  const by = contributorOf(state, job, change.device)
  returnedFor(job, by, change.volunteer, from, to)
  job.results += to - from
  if (change.state === 'agreed') {
    let credit = 0
    for (let task = from; task < to; task++) credit += tasks.priceOf(job.tasks, task)
    add(by.agreed, from, to)
    pay(state, job, by, by.volunteer, to - from, credit, how)
    return
  }
  remove(job.open, from, to)
  if (change.state === 'pending' || change.state === 'noted') {
    for (let i = 0; i < to - from; i++) {
      const opinion = {
        by,
        price: prices[i] as number,
        high: digests[2 * i] as number,
        low: digests[2 * i + 1] as number,
        ms: how.msPerTask,
        probation: how.lease?.probation ?? null,
        bytes: change.state === 'pending',
      }
      addOpinion(state, job, from + i, opinion, how.lease?.partner ?? null)
    }
    return
  }
  const checked = job.spec.trust === 'normal' && !by.device.host
  let credit = 0
  for (let i = 0; i < to - from; i++) {
    const task = from + i
    credit += prices[i] as number
    tasks.decideTask(
      job.tasks,
      task,
      tasks.ACCEPTED,
      by.index,
      prices[i] as number,
      digests[2 * i] as number,
      digests[2 * i + 1] as number,
    )
    if (checked && job.audited(task)) refreshCase(state, job, task, openCase(job, task, partnerAt(how.lease, task)))
  }
  job.decided += to - from
  by.decided += to - from
  pay(state, job, by, by.volunteer, to - from, credit, how)
}

function partnerAt(lease: Lease | null, task: number): Lease | null {
  const partner = lease?.partner
  return partner && has(partner.remaining, task) ? partner : null
}

function addOpinion(state: PoolState, job: Job, task: number, opinion: Opinion, partner: Lease | null): void {
  const into = openCase(job, task, partner && has(partner.remaining, task) ? partner : null)
  if (opinion.bytes) for (const other of into.opinions) other.bytes = false
  into.opinions.push(opinion)
  if (opinion.probation) opinion.probation.open++
  add(opinion.by.pending, task, task + 1)
  hold(job, opinion, 1)
  if (tasks.stateOf(job.tasks, task) === tasks.OPEN) {
    tasks.setState(job.tasks, task, tasks.PENDING)
    job.undecided++
  }
  refreshCase(state, job, task, into)
}

function decide(state: PoolState, job: Job, task: number, by: Contributor, why: string, how: Applying): void {
  const taskCase = job.cases.get(task)
  const own = taskCase?.opinions.find((opinion) => opinion.by === by)
  const now = why === 'host' ? tasks.CERTAIN : why === 'unchecked' ? tasks.UNCHECKED : tasks.ACCEPTED
  if (taskCase && own && !tasks.isDecided(job.tasks, task)) {
    tasks.decideTask(job.tasks, task, now, by.index, own.price, own.high, own.low)
    job.undecided--
    job.decided++
    by.decided++
    for (const opinion of taskCase.opinions.filter(({ high, low }) => high === own.high && low === own.low)) {
      takeOpinion(job, task, taskCase, opinion)
      if (opinion !== own) add(opinion.by.agreed, task, task + 1)
      if (opinion.probation) validatedOnProbation(state, opinion.probation)
      // The decider's price for everybody: equal bytes have one price.
      pay(state, job, opinion.by, payeeOf(opinion.by, task), 1, own.price, how, opinion.ms)
    }
  } else tasks.setState(job.tasks, task, now)
  if (now === tasks.UNCHECKED) job.unchecked++
  if (!taskCase) return
  if (taskCase.opinions.length === 0 && (now !== tasks.ACCEPTED || (why === 'trusted' && !job.audited(task))))
    closeCase(job, task)
  else refreshCase(state, job, task, taskCase)
}

function revoke(state: PoolState, job: Job, task: number, by: Contributor, how: Applying): void {
  const taskCase = job.cases.get(task)
  const opinion = taskCase?.opinions.find((each) => each.by === by)
  if (taskCase && opinion) {
    takeOpinion(job, task, taskCase, opinion)
    if (opinion.probation) failProbation(state, opinion.probation)
    if (!tasks.isDecided(job.tasks, task) && taskCase.opinions.length === 0) reopen(state, job, task, taskCase)
    else refreshCase(state, job, task, taskCase)
  } else if (tasks.isDecided(job.tasks, task) && tasks.deciderOf(job.tasks, task) === by.index) {
    pay(state, job, by, payeeOf(by, task), -1, -tasks.priceOf(job.tasks, task), how)
    if (tasks.stateOf(job.tasks, task) === tasks.UNCHECKED) job.unchecked--
    job.decided--
    by.decided--
    tasks.setState(job.tasks, task, tasks.PENDING)
    job.undecided++
    if (taskCase && taskCase.opinions.length > 0) refreshCase(state, job, task, taskCase)
    else reopen(state, job, task, taskCase)
  } else if (remove(by.agreed, task, task + 1) > 0) {
    pay(state, job, by, payeeOf(by, task), -1, -tasks.priceOf(job.tasks, task), how)
    if (tasks.stateOf(job.tasks, task) !== tasks.VALIDATED || isVouchedFor(job, task)) return
    // Only the decider's word is left: somebody else looks again.
    tasks.setState(job.tasks, task, tasks.ACCEPTED)
    refreshCase(state, job, task, openCase(job, task, null))
  }
}

/** Whether somebody else was paid for agreeing with the deciding output. */
function isVouchedFor(job: Job, task: number): boolean {
  return job.contributors.some((contributor) => has(contributor.agreed, task))
}

/** Nobody's word is left. Leases on their way bring the first again; otherwise the task is open to all. */
function reopen(state: PoolState, job: Job, task: number, taskCase: Case | undefined): void {
  const flying = taskCase ? taskCase.flight.length > 0 : false
  closeCase(job, task)
  tasks.setState(job.tasks, task, tasks.OPEN)
  job.undecided--
  if (flying) return
  add(job.open, task, task + 1)
  state.stirred = true
}

function takeOpinion(job: Job, task: number, from: Case, opinion: Opinion): void {
  from.opinions.splice(from.opinions.indexOf(opinion), 1)
  remove(opinion.by.pending, task, task + 1)
  hold(job, opinion, -1)
}

function failProbation(state: PoolState, probation: Probation): void {
  probation.open--
  probation.failed = true
  state.probations.add(probation)
}

function validatedOnProbation(state: PoolState, probation: Probation): void {
  probation.open--
  probation.validated++
  state.probations.add(probation)
}

function hold(job: Job, opinion: Opinion, sign: 1 | -1): void {
  job.pendingCredit += sign * opinion.price
  opinion.by.device.pendingCredit += sign * opinion.price
}

function pay(
  state: PoolState,
  job: Job,
  by: Contributor,
  volunteer: VolunteerId,
  count: number,
  credit: number,
  how: Applying,
  ms = how.msPerTask,
): void {
  job.credit += credit
  if (how.live) payLine(state, by.device, volunteer, job.spec.id, count, credit, count > 0 ? count * ms : 0)
}

function contributorOf(state: PoolState, job: Job, id: DeviceId): Contributor {
  const known = job.contributorOf.get(id)
  if (known) return known
  const device = state.devices.get(id)
  return device
    ? contribute(job, device)
    : broken('a change names a device the pool knows', { job: job.spec.id, device: id })
}

const PLAIN: Applying = { live: true, msPerTask: 0, lease: null }

/** Applies a change of tasks and has it saved with the next commit. */
export function save(state: PoolState, job: Job, change: TaskChange, how: Applying = PLAIN): void {
  if (change.to <= change.from) return
  state.changes.push(change)
  apply(state, job, change, how)
  state.dirty.add(job)
}

/** Tells whoever draws pictures; runs of one device become one effect. */
export function accepted(
  state: PoolState,
  job: JobId,
  from: number,
  to: number,
  device: Device,
  ref: ResultRef | null,
): void {
  const last = state.effects.at(-1)
  const next: Effect = { type: 'taskAccepted', job, from, to, device: device.id, volunteer: device.volunteer, ref }
  const joins =
    last?.type === 'taskAccepted' &&
    last.job === job &&
    last.to === from &&
    last.device === device.id &&
    last.ref === ref
  if (joins) state.effects[state.effects.length - 1] = { ...next, from: last.from }
  else state.effects.push(next)
}
