import { mustWait } from './audit.ts'
import { has } from './intervals.ts'
import type { Contributor, Job, Opinion } from './job-state.ts'
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
export interface Settlement {
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
const DIFFERS: Outcome = { type: 'differs', proven: false }
const PROVEN: Outcome = { type: 'differs', proven: true }

export function classify(job: Job, by: Contributor, task: number, high: number, low: number): Outcome {
  const now = stateOf(job.tasks, task)
  if (now === OPEN) return mustWait(job, by.device) ? LEADS : DECIDES
  const of = job.cases.get(task)
  if (of?.opinions.some((opinion) => opinion.by === by)) return DUPLICATE
  if (!isDecided(job.tasks, task)) return weigh(job, by, task, of?.opinions ?? [], high, low)
  if (deciderOf(job.tasks, task) === by.index || has(by.agreed, task)) return DUPLICATE
  if (of) return weigh(job, by, task, of.opinions, high, low)
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
    if (withDecided) return { type: 'agrees', vouches: false, solicited: true }
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

/** Two outcomes that lead to the same changes: their tasks form one run. */
export function isSame(a: Outcome, b: Outcome): boolean {
  if (a === b) return true
  if (a.type !== b.type) return false
  if (a.type === 'settles' && b.type === 'settles') {
    return (
      a.decider === b.decider &&
      a.stands === b.stands &&
      same(a.overruled, b.overruled) &&
      same(a.losers, b.losers) &&
      same(a.right, b.right)
    )
  }
  if (a.type === 'agrees' && b.type === 'agrees') return a.vouches === b.vouches && a.solicited === b.solicited
  if (a.type === 'differs' && b.type === 'differs') return a.proven === b.proven
  if (a.type === 'waits' && b.type === 'waits') return a.leads === b.leads
  return true
}

function same(a: readonly Contributor[], b: readonly Contributor[]): boolean {
  return a.length === b.length && a.every((contributor, at) => contributor === b[at])
}
