import { mustWait } from './checks.ts'
import type { PoolEvent } from './events.ts'
import { has } from './intervals.ts'
import type { Contributor, Device, Job, Lease, Opinion } from './job-state.ts'
import { accepted, save } from './record.ts'
import { setReputation, succeeded } from './reputation.ts'
import type { PoolState } from './state.ts'
import { ACCEPTED, CERTAIN, deciderOf, digestIs, isDecided, OPEN, stateOf, VALIDATED } from './tasks.ts'

/** What a returned output means for its task. Pure: asks the state, changes nothing. */
export type Outcome =
  /** This device's result is already in. */
  | { readonly type: 'duplicate' }
  /** The first result, and enough. */
  | { readonly type: 'decides' }
  /** Counted until others agree. `leads`: more say so than say what has bytes now, so its bytes are kept instead. */
  | { readonly type: 'waits'; readonly leads: boolean }
  /** Equals what was decided meanwhile. `vouches`: it is the first independent word besides the decider's. */
  | { readonly type: 'agrees'; readonly vouches: boolean; readonly solicited: boolean }
  /** Differs from what was decided meanwhile, and is wrong as far as anybody here can tell. */
  | { readonly type: 'differs'; readonly proven: boolean }
  | Settlement

/** Enough opinions agree now. */
interface Settlement {
  readonly type: 'settles'
  /** Whose kept bytes decide; null: those that just came. */
  readonly decider: Contributor | null
  /** The decision stood before and stays. */
  readonly stands: boolean
  /** Deciding or agreeing before, and overruled now. */
  readonly overruled: readonly Contributor[]
  /** Waiting opinions that differ. */
  readonly losers: readonly Contributor[]
  /** Who said the same before. */
  readonly right: readonly Contributor[]
}

const DUPLICATE: Outcome = { type: 'duplicate' }
const DECIDES: Outcome = { type: 'decides' }
const LEADS: Outcome = { type: 'waits', leads: true }
const NOTED: Outcome = { type: 'waits', leads: false }
const AGREES: Outcome = { type: 'agrees', vouches: false, solicited: false }
const VOUCHES: Outcome = { type: 'agrees', vouches: true, solicited: false }
const CONFIRMS: Outcome = { type: 'agrees', vouches: false, solicited: true }
const DIFFERS: Outcome = { type: 'differs', proven: false }
const PROVEN: Outcome = { type: 'differs', proven: true }

export function classify(job: Job, by: Contributor, task: number, high: number, low: number): Outcome {
  const now = stateOf(job.tasks, task)
  if (now === OPEN) return mustWait(job, by.device) ? LEADS : DECIDES
  const taskCase = job.cases.get(task)
  if (taskCase?.opinions.some((opinion) => opinion.by === by)) return DUPLICATE
  if (!isDecided(job.tasks, task)) return weigh(job, by, task, taskCase?.opinions ?? [], high, low)
  if (deciderOf(job.tasks, task) === by.index || has(by.agreed, task)) return DUPLICATE
  if (taskCase) return weigh(job, by, task, taskCase.opinions, high, low)
  const equal = digestIs(job.tasks, task, high, low)
  if (equal) return now !== ACCEPTED || !isIndependent(job, by, task) ? AGREES : VOUCHES
  // Trust that asks for one word only promises nothing and settles nothing.
  if (job.agree === 1) return DIFFERS
  if (by.device.host && now !== CERTAIN) return overrule(job, task, [])
  if (now === VALIDATED || now === CERTAIN) return PROVEN
  // Decided by one word, and here is another: a third opinion settles it. The admin's word stands.
  return job.spec.trust === 'normal' && now === ACCEPTED ? NOTED : DIFFERS
}

function isIndependent(job: Job, by: Contributor, task: number): boolean {
  const decider = job.contributors[deciderOf(job.tasks, task)] as Contributor
  return decider.device.volunteer !== by.device.volunteer
}

/** Adds this output to those of the case: does one side have enough independent volunteers now? */
function weigh(
  job: Job,
  by: Contributor,
  task: number,
  opinions: readonly Opinion[],
  high: number,
  low: number,
): Outcome {
  const decided = isDecided(job.tasks, task)
  const withDecided = decided && digestIs(job.tasks, task, high, low)
  const allies = opinions.filter((opinion) => opinion.high === high && opinion.low === low)
  const losers = opinions.filter((opinion) => !allies.includes(opinion)).map((opinion) => opinion.by)
  const volunteers = new Set([by.device.volunteer, ...allies.map((ally) => ally.by.device.volunteer)])
  if (withDecided) volunteers.add((job.contributors[deciderOf(job.tasks, task)] as Contributor).device.volunteer)
  if (!by.device.host && volunteers.size < job.agree) {
    // The same volunteer again: nothing new, but right as far as anybody knows.
    if (withDecided) return CONFIRMS
    return !decided && leads(opinions, high, low, volunteers.size) ? LEADS : NOTED
  }
  const right = allies.map((opinion) => opinion.by)
  if (withDecided) {
    right.push(job.contributors[deciderOf(job.tasks, task)] as Contributor)
    return { type: 'settles', decider: null, stands: true, overruled: [], losers, right }
  }
  const decider = allies.find(({ bytes }) => bytes)?.by ?? null
  return { type: 'settles', decider, stands: false, overruled: decided ? supporters(job, task) : [], losers, right }
}

/** The first to speak has its bytes kept; another side takes that place when more independent volunteers are for it. */
function leads(opinions: readonly Opinion[], high: number, low: number, volunteers: number): boolean {
  const holder = opinions.find(({ bytes }) => bytes)
  if (!holder) return true
  if (holder.high === high && holder.low === low) return false
  const side = opinions.filter((each) => each.high === holder.high && each.low === holder.low)
  return volunteers > new Set(side.map(({ by }) => by.device.volunteer)).size
}

function overrule(job: Job, task: number, losers: readonly Contributor[]): Settlement {
  return { type: 'settles', decider: null, stands: false, overruled: supporters(job, task), losers, right: [] }
}

/** The decider, then those who were paid for agreeing. */
function supporters(job: Job, task: number): readonly Contributor[] {
  const decider = job.contributors[deciderOf(job.tasks, task)] as Contributor
  return [decider, ...job.contributors.filter((contributor) => has(contributor.agreed, task))]
}

/** Two outcomes that lead to the same changes: their tasks form one run. All but settlements are constants. */
export function isSame(a: Outcome, b: Outcome): boolean {
  if (a.type !== 'settles' || b.type !== 'settles') return a === b
  return (
    a.decider === b.decider &&
    a.stands === b.stands &&
    same(a.overruled, b.overruled) &&
    same(a.losers, b.losers) &&
    same(a.right, b.right)
  )
}

function same(a: readonly Contributor[], b: readonly Contributor[]): boolean {
  return a.length === b.length && a.every((contributor, at) => contributor === b[at])
}

type Returned = Extract<PoolEvent, { type: 'resultReturned' }>

/** A returned result, on its way to being judged. */
export interface Arrival {
  readonly event: Returned
  readonly job: Job
  readonly by: Contributor
  readonly lease: Lease | null
  readonly msPerTask: number
}

/** Carries out one outcome for the tasks `[from, to)` of a returned result. */
export function carryOut(state: PoolState, arrival: Arrival, from: number, to: number, outcome: Outcome): void {
  const { job, by } = arrival
  switch (outcome.type) {
    case 'duplicate':
      return
    case 'decides':
      decides(state, arrival, from, to)
      return
    case 'waits':
      keep(state, arrival, from, to, outcome.leads ? 'pending' : 'noted')
      return
    case 'agrees':
      keep(state, arrival, from, to, 'agreed')
      if (outcome.vouches) save(state, job, { type: 'tasksValidated', job: job.spec.id, from, to })
      praise(state, by.device, to - from)
      return
    case 'differs': {
      const message = outcome.proven
        ? 'Others agree on a different output.'
        : 'Another device returned a different output first.'
      refuse(state, arrival, from, to, message)
      if (outcome.proven) accuse(state, by.device, job, from, to)
      else disagreed(state, by.device)
      return
    }
    case 'settles':
      settles(state, arrival, from, to, outcome)
      return
    default:
      outcome satisfies never
  }
}

function decides(state: PoolState, arrival: Arrival, from: number, to: number): void {
  const { job, by, event } = arrival
  keep(state, arrival, from, to, 'accepted')
  // The host's word is certain; said once, so that a restart knows it too.
  if (by.device.host && job.agree > 1) {
    save(state, job, { type: 'tasksDecided', job: job.spec.id, from, to, device: by.device.id, how: 'host' })
  }
  accepted(state, job.spec.id, from, to, by.device, event.ref)
}

function settles(state: PoolState, arrival: Arrival, from: number, to: number, outcome: Settlement): void {
  const { job, by, lease, event } = arrival
  const id = job.spec.id
  const host = by.device.host
  const how = host ? 'host' : 'agreed'
  for (const loser of [...outcome.overruled, ...outcome.losers]) {
    const because = host ? 'The host computed something else.' : 'Others agree on a different output.'
    save(state, job, { type: 'resultsRevoked', job: id, from, to, device: loser.device.id, because })
    accuse(state, loser.device, job, from, to)
  }
  if (outcome.overruled.length > 0) state.effects.push({ type: 'taskRevoked', job: id, from, to })
  for (const { device } of outcome.right) {
    praise(state, device, to - from)
    succeeded(state, device)
  }
  const brings = !outcome.stands && !outcome.decider
  if (brings && outcome.right.length === 0) {
    decides(state, arrival, from, to)
    return
  }
  // Of those who said the same before no bytes are kept: those that just came are, and decide.
  if (brings) keep(state, arrival, from, to, 'pending')
  if (!outcome.stands) {
    const { device } = outcome.decider ?? by
    save(state, job, { type: 'tasksDecided', job: id, from, to, device: device.id, how })
    accepted(state, id, from, to, device, brings ? event.ref : null)
  }
  if (!brings) keep(state, arrival, from, to, 'agreed')
  save(state, job, { type: 'tasksValidated', job: id, from, to })
  praise(state, by.device, to - from)
  // What was pending is part of the probation already.
  if (lease?.probation && !brings) {
    lease.probation.validated += to - from
    state.probations.add(lease.probation)
  }
}

function keep(
  state: PoolState,
  arrival: Arrival,
  from: number,
  to: number,
  as: 'accepted' | 'pending' | 'noted' | 'agreed',
): void {
  const { event, job, by, lease, msPerTask } = arrival
  const a = from - event.from
  const b = to - event.from
  // Views cost more than most of what is done with them, and most messages have one outcome.
  const whole = a === 0 && b === event.prices.length
  const prices = whole ? event.prices : event.prices.subarray(a, b)
  const digests = whole ? event.digests : event.digests.subarray(2 * a, 2 * b)
  const change = {
    type: 'resultKept',
    job: job.spec.id,
    from,
    to,
    device: by.device.id,
    volunteer: by.device.volunteer,
    state: as,
    prices,
    digests,
    ref: event.ref,
  } as const
  save(state, job, change, { live: true, msPerTask, lease })
}

function refuse(state: PoolState, { event, job, by }: Arrival, from: number, to: number, message: string): void {
  state.changes.push({
    type: 'resultRefused',
    device: by.device.id,
    job: job.spec.id,
    lease: event.claims.lease,
    from,
    to,
    reason: 'disagrees',
    message,
  })
}

function praise(state: PoolState, device: Device, tasks: number): void {
  setReputation(state, device, { agreements: device.reputation.agreements + tasks })
}

/** One more disagreement, which proves nothing by itself. */
function disagreed(state: PoolState, device: Device): void {
  if (device.host) return
  setReputation(state, device, { disagreements: device.reputation.disagreements + 1 })
}

/** A disagreement that was settled against the device; what follows from it comes at the end of the event. */
function accuse(state: PoolState, device: Device, job: Job, from: number, to: number): void {
  if (device.host || state.caught.has(device)) return
  const which = to - from === 1 ? `task ${from}` : `tasks ${from} to ${to - 1}`
  state.caught.set(device, `Its output for ${which} of job ${job.spec.id} was wrong.`)
}
