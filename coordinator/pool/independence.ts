import { isNewcomer } from './audit.ts'
import type { Bucket, Device } from './job-state.ts'
import type { PoolState } from './state.ts'

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
