import { isNewcomer } from './audit.ts'
import { type Counted, type Device, pairOf } from './job-state.ts'
import { canWork, type PoolState } from './state.ts'

/** Keeps the pool's sums over working devices right; called after anything about a device changed. */
export function recount(state: PoolState, device: Device): void {
  const before = device.counted
  if (before) count(state, before, -1)
  device.counted = canWork(device)
    ? {
        strength: device.threads * device.pace,
        host: device.host,
        known: !isNewcomer(device),
        volunteer: device.volunteer,
        network: device.network,
      }
    : null
  if (device.counted) count(state, device.counted, 1)
  // What is left of rounding when everybody has gone must not look like somebody.
  if (state.workers === 0) state.strength = 0
  if (state.hostWorkers === 0) state.hostStrength = 0
}

function count(state: PoolState, counted: Counted, sign: 1 | -1): void {
  state.workers += sign
  state.strength += sign * counted.strength
  if (counted.host) {
    state.hostWorkers += sign
    state.hostStrength += sign * counted.strength
  }
  if (counted.known) state.known += sign
  tally(state.volunteers, counted.volunteer, sign)
  tally(state.networks, counted.network, sign)
  tally(state.pairs, pairOf(counted.volunteer, counted.network), sign)
}

function tally(into: Map<string, number>, key: string, sign: 1 | -1): void {
  const now = (into.get(key) ?? 0) + sign
  if (now > 0) into.set(key, now)
  else into.delete(key)
}
