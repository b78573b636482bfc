import type { Standing } from './job.ts'
import type { Device, PoolState } from './state.ts'

/** What matters at once is saved with this event; agreements and speeds wait for the next tick. */
export function setStanding(state: PoolState, device: Device, change: Partial<Standing>): void {
  device.standing = { ...device.standing, ...change }
  if (isUrgent(device.saved, device.standing)) state.urgentStandings.add(device)
  else state.changedStandings.add(device)
}

function isUrgent(saved: Standing, now: Standing): boolean {
  return (
    saved.checkedLeases !== now.checkedLeases ||
    saved.disagreements !== now.disagreements ||
    saved.failuresInRow !== now.failuresInRow ||
    saved.pausedBecause !== now.pausedBecause
  )
}

export function saveStandings(state: PoolState): void {
  saveAll(state, state.urgentStandings)
  if (!state.ticking) return
  state.ticking = false
  saveAll(state, state.changedStandings)
}

function saveAll(state: PoolState, devices: Set<Device>): void {
  if (devices.size === 0) return
  for (const device of devices) {
    state.changes.push({ type: 'standingChanged', device: device.id, standing: standingOf(device) })
    device.saved = device.standing
    device.savedAt = state.clock.now
    state.changedStandings.delete(device)
  }
  devices.clear()
}

/** As it is remembered between connections and restarts. */
export function standingOf(device: Device): Standing {
  const msPerCredit: Record<string, number> = {}
  for (const [kind, { amount, weight }] of device.rates) if (weight > 0) msPerCredit[kind] = amount / weight
  return { ...device.standing, msPerCredit }
}
