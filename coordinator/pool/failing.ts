import type { AloneFailure } from './job.ts'
import { type Device, type Job, pairOf } from './job-state.ts'
import { canWork, type PoolState } from './state.ts'

// Who says that a task cannot be computed. Three devices of one person, or behind one address, are one voter: whoever
// wants a job to fail can bring as many devices as they like.

export interface Failing {
  /** Failures of which no two share the volunteer or the network, in the order they came. */
  readonly voters: readonly AloneFailure[]
  /** Volunteers of all failures. */
  readonly people: ReadonlySet<string>
}

export function votersOf(failures: readonly AloneFailure[]): Failing {
  const voters: AloneFailure[] = []
  for (const failure of failures) {
    if (voters.every(({ voter, network }) => voter !== failure.voter && network !== failure.network))
      voters.push(failure)
  }
  return { voters, people: new Set(failures.map(({ voter }) => voter)) }
}

/** Of another volunteer and on another network than everybody who counts so far. */
export function isNewVoter({ voters }: Failing, device: Device): boolean {
  const own = device.volunteer
  return voters.every(({ voter, network }) => voter !== own && network !== device.network)
}

export function isNewPerson({ people }: Failing, device: Device): boolean {
  return !people.has(device.volunteer)
}

/** Working devices that would be a new voter. */
export function votersHere(state: PoolState, { voters }: Failing): number {
  let others = state.workers
  for (const { voter, network } of voters) {
    others -= (state.volunteers.get(voter) ?? 0) + (state.networks.get(network) ?? 0)
    for (const other of voters) others += state.pairs.get(pairOf(voter, other.network)) ?? 0
  }
  return others
}

/** Working devices of volunteers who have not failed. */
export function peopleHere(state: PoolState, { people }: Failing): number {
  let others = state.workers
  for (const voter of people) others -= state.volunteers.get(voter) ?? 0
  return others
}

/**
 * Whether somebody is here whose failure would say more: a new voter, or with fewer than `enough` volunteers another of
 * those. Who neither asks for work nor has any nor was heard of lately does not count.
 */
export function anotherMayTry(
  state: PoolState,
  job: Job,
  failing: Failing,
  enough: number,
  heardWithinMs: number,
): boolean {
  for (const device of state.devices.values()) {
    if (!canWork(device) || (job.spec.devices === 'host' && !device.host)) continue
    const isHere = device.room > 0 || device.leases.size > 0 || state.clock.now - device.signAt < heardWithinMs
    if (!isHere) continue
    if (isNewVoter(failing, device)) return true
    if (failing.people.size < enough && isNewPerson(failing, device)) return true
  }
  return false
}
