import type { Reputation } from './job.ts'
import type { Device } from './job-state.ts'
import type { PoolState } from './state.ts'

/** What matters at once is saved with this event; agreements and speeds wait for the next tick. */
export function setReputation(state: PoolState, device: Device, change: Partial<Reputation>): void {
  device.reputation = { ...device.reputation, ...change }
  if (isUrgent(device.saved, device.reputation)) state.urgentReputations.add(device)
  else state.changedStandings.add(device)
}

function isUrgent(saved: Reputation, now: Reputation): boolean {
  return (
    saved.checkedLeases !== now.checkedLeases ||
    saved.disagreements !== now.disagreements ||
    saved.failuresInRow !== now.failuresInRow ||
    saved.pausedBecause !== now.pausedBecause
  )
}

export function saveReputations(state: PoolState): void {
  saveAll(state, state.urgentReputations)
  if (!state.ticking) return
  state.ticking = false
  saveAll(state, state.changedStandings)
}

function saveAll(state: PoolState, devices: Set<Device>): void {
  if (devices.size === 0) return
  for (const device of devices) {
    state.changes.push({ type: 'reputationChanged', device: device.id, reputation: reputationOf(device) })
    device.saved = device.reputation
    device.savedAt = state.clock.now
    state.changedStandings.delete(device)
  }
  devices.clear()
}

/** As it is remembered between connections and restarts. */
export function reputationOf(device: Device): Reputation {
  const msPerCredit: Record<string, number> = {}
  for (const [kind, { amount, weight }] of device.rates) if (weight > 0) msPerCredit[kind] = amount / weight
  return { ...device.reputation, msPerCredit }
}
