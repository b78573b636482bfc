import type { JobId } from '../../protocol/ids.ts'
import type { Outcome, Settlement } from './classify.ts'
import type { Effect } from './effects.ts'
import type { PoolEvent, ResultRef } from './events.ts'
import { succeeded } from './failures.ts'
import type { Contributor, Device, Job, Lease } from './job-state.ts'
import { setReputation } from './reputation.ts'
import { save } from './save.ts'
import type { PoolState } from './state.ts'

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
      else blame(state, by.device)
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
  save(state, job, change, { live: true, msPerTask, lease, probation: lease?.probation ?? null })
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
function blame(state: PoolState, device: Device): void {
  if (device.host) return
  setReputation(state, device, { disagreements: device.reputation.disagreements + 1 })
}

/** A disagreement that was settled against the device; what follows from it comes at the end of the event. */
function accuse(state: PoolState, device: Device, job: Job, from: number, to: number): void {
  if (device.host || state.caught.has(device)) return
  const which = to - from === 1 ? `task ${from}` : `tasks ${from} to ${to - 1}`
  state.caught.set(device, `Its output for ${which} of job ${job.spec.id} was wrong.`)
}
