import type { AloneFailure } from './job.ts'
import type { Job } from './job-state.ts'
import { canWork, type Device, type PoolState, pairOf, voiceOf } from './state.ts'

// Who says that a task cannot be computed. Three devices of one person, or behind one address, are one voice: whoever
// wants a job to fail can bring as many devices as they like.

export interface Failing {
  /** Failures of which no two share the volunteer or the network, in the order they came. */
  readonly voices: readonly AloneFailure[]
  /** Volunteers of all failures. */
  readonly people: ReadonlySet<string>
}

export function voicesOf(failures: readonly AloneFailure[]): Failing {
  const voices: AloneFailure[] = []
  for (const failure of failures) {
    if (voices.every(({ voice, network }) => voice !== failure.voice && network !== failure.network))
      voices.push(failure)
  }
  return { voices, people: new Set(failures.map(({ voice }) => voice)) }
}

/** Of another volunteer and on another network than everybody who counts so far. */
export function isNewVoice({ voices }: Failing, state: PoolState, device: Device): boolean {
  const own = voiceOf(state, device)
  return voices.every(({ voice, network }) => voice !== own && network !== device.network)
}

export function isNewPerson({ people }: Failing, state: PoolState, device: Device): boolean {
  return !people.has(voiceOf(state, device))
}

/** Working devices that would be a new voice. */
export function voicesHere(state: PoolState, { voices }: Failing): number {
  let others = state.workers
  for (const { voice, network } of voices) {
    others -= (state.voices.get(voice) ?? 0) + (state.networks.get(network) ?? 0)
    for (const other of voices) others += state.pairs.get(pairOf(voice, other.network)) ?? 0
  }
  return others
}

/** Working devices of volunteers who have not failed. */
export function peopleHere(state: PoolState, { people }: Failing): number {
  let others = state.workers
  for (const voice of people) others -= state.voices.get(voice) ?? 0
  return others
}

/**
 * Whether somebody is here whose failure would say more: a new voice, or with fewer than `enough` volunteers another of
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
    if (isNewVoice(failing, state, device)) return true
    if (failing.people.size < enough && isNewPerson(failing, state, device)) return true
  }
  return false
}
