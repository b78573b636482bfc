import { NEWCOMER_LEASES } from './checks.ts'
import { eachRun, has, runs, within } from './intervals.ts'
import type { Contributor, Device, Job, Probation } from './job-state.ts'
import { remember, withdrawLeases } from './leases.ts'
import { accepted, save } from './record.ts'
import { failed, setReputation } from './reputation.ts'
import { recount } from './speed.ts'
import type { PoolState } from './state.ts'
import { ACCEPTED, deciderOf, eachDecidedBy, PENDING, stateOf, UNCHECKED, VALIDATED } from './tasks.ts'

// What follows when a device has earned trust, or lost it.

/** A newcomer's lease is over and all it brought is settled: does it count? */
export function concludeProbation(state: PoolState, probation: Probation): void {
  if (probation.done || !probation.closed || probation.open > 0) return
  probation.done = true
  const { device } = probation
  device.probations--
  if (probation.failed || probation.validated === 0) return
  setReputation(state, device, { checkedLeases: device.reputation.checkedLeases + 1 })
  recount(state, device)
  if (device.reputation.checkedLeases === NEWCOMER_LEASES) believe(state, device)
}

/** What waited only because the device was new counts now; audits go on. */
function believe(state: PoolState, device: Device): void {
  for (const job of device.contributes) {
    const by = job.contributorOf.get(device.id)
    if (job.spec.trust !== 'normal' || !by) continue
    for (const [from, to] of runs(by.pending)) {
      eachRun(
        from,
        to,
        (task) => isAlone(job, task),
        (a, b) => {
          save(state, job, {
            type: 'tasksDecided',
            job: job.spec.id,
            from: a,
            to: b,
            device: device.id,
            how: 'trusted',
          })
          accepted(state, job.spec.id, a, b, device, null)
        },
      )
    }
  }
}

/** Its word is the only one, and its bytes are there. */
function isAlone(job: Job, task: number): boolean {
  const opinions = job.cases.get(task)?.opinions
  return stateOf(job.tasks, task) === PENDING && opinions?.length === 1 && opinions[0]?.bytes === true
}

/** The device was caught: it is a newcomer again, and what rests only on its word in running jobs is open again. */
export function convict(state: PoolState, device: Device, because: string): void {
  const { reputation } = device
  setReputation(state, device, { checkedLeases: 0, agreements: 0, disagreements: reputation.disagreements + 1 })
  state.changes.push({ type: 'deviceDistrusted', device: device.id, at: state.clock.at, because })
  state.effects.push({
    type: 'tell',
    device: device.id,
    level: 'warn',
    text: `${because} Its work is checked again from the beginning.`,
  })
  recount(state, device)
  device.caughtAt = state.clock.at
  withdrawLeases(state, device, because)
  for (const job of device.contributes) {
    const by = job.contributorOf.get(device.id)
    if (by && job.agree > 1) withdraw(state, job, by, because)
  }
  failed(state, device, state.clock.now, because)
}

function withdraw(state: PoolState, job: Job, by: Contributor, because: string): void {
  by.distrusted = true
  const revoke = (from: number, to: number, whose: Contributor) => {
    save(state, job, { type: 'resultsRevoked', job: job.spec.id, from, to, device: whose.device.id, because })
  }
  for (const [from, to] of decidedAlone(job, by)) {
    // Another device of the same volunteer may have agreed: its word falls too.
    for (const other of job.contributors) for (const [a, b] of within(other.agreed, from, to)) revoke(a, b, other)
    revoke(from, to, by)
    state.effects.push({ type: 'taskRevoked', job: job.spec.id, from, to })
    remember(state, job, by.device, from, to, 'revoked', because)
  }
  for (const [from, to] of runs(by.pending)) revoke(from, to, by)
  if (job.spec.trust !== 'normal') return
  for (const [from, to] of runs(by.agreed)) {
    for (let task = from; task < to; task++) withdrawVouching(state, job, task, revoke)
  }
}

/** A task vouched for by nobody but devices that were caught is looked at again. */
function withdrawVouching(
  state: PoolState,
  job: Job,
  task: number,
  revoke: (from: number, to: number, whose: Contributor) => void,
): void {
  if (stateOf(job.tasks, task) !== VALIDATED) return
  const vouching = job.contributors.filter((contributor) => has(contributor.agreed, task))
  if (!vouching.every(({ distrusted }) => distrusted)) return
  for (const each of vouching) revoke(task, task + 1, each)
  const decider = job.contributors[deciderOf(job.tasks, task)] as Contributor
  if (!decider.distrusted || stateOf(job.tasks, task) !== ACCEPTED) return
  revoke(task, task + 1, decider)
  state.effects.push({ type: 'taskRevoked', job: job.spec.id, from: task, to: task + 1 })
}

function decidedAlone(job: Job, by: Contributor): [number, number][] {
  const found: [number, number][] = []
  if (by.decided === 0) return found
  eachDecidedBy(job.tasks, by.index, (task, now) => {
    if (now !== ACCEPTED && now !== UNCHECKED) return
    const last = found.at(-1)
    if (last && last[1] === task) last[1] = task + 1
    else found.push([task, task + 1])
  })
  return found
}

/** The host's agent is here: what it decided before a restart needs no audit. */
export function certify(state: PoolState, host: Device): void {
  for (const job of host.contributes) {
    const by = job.contributorOf.get(host.id)
    if (!by || job.agree === 1) continue
    for (const [from, to] of decidedAlone(job, by)) {
      eachRun(
        from,
        to,
        (task) => (job.cases.get(task)?.opinions.length ?? 0) === 0 && stateOf(job.tasks, task) === ACCEPTED,
        (a, b) => {
          save(state, job, { type: 'tasksDecided', job: job.spec.id, from: a, to: b, device: host.id, how: 'host' })
        },
      )
    }
  }
}
