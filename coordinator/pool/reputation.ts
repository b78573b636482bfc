import type { AloneFailure, Reputation } from './job.ts'
import type { Device } from './job-state.ts'
import { dropLease } from './leases.ts'
import { recount } from './speed.ts'
import { canWork, type PoolState } from './state.ts'

// Devices that fail get less to lose, and after five failures in a row nothing until somebody looks.

const FAILURES_TO_PAUSE = 5

/** Failures of leases that were out together are one failure: a frozen tab loses all it holds at once. */
export function failed(state: PoolState, device: Device, issuedAt: number, what: string): void {
  if (issuedAt < device.failedAt || device.host) return
  device.failedAt = state.clock.now
  device.cap = Math.max(1, Math.floor(Math.min(device.cap, device.threads + 1) / 2))
  const failuresInRow = device.reputation.failuresInRow + 1
  setReputation(state, device, { failuresInRow })
  if (failuresInRow < FAILURES_TO_PAUSE || device.reputation.pausedBecause !== null) return
  pause(
    state,
    device,
    `Paused after ${FAILURES_TO_PAUSE} failures in a row. The last one: ${what} Whoever runs the pool can let it go on.`,
  )
}

/** Others computed what failed on these devices alone: it was not the task. */
export function blame(state: PoolState, failures: readonly AloneFailure[], by: Device, task: number): void {
  for (const { device: id } of failures) {
    const device = state.devices.get(id)
    if (!device || device === by) continue
    failed(state, device, state.clock.now, `task ${task} failed here and nowhere else.`)
  }
}

export function succeeded(state: PoolState, device: Device): void {
  if (device.cap < device.threads + 1) device.cap++
  if (device.reputation.failuresInRow === 0) return
  setReputation(state, device, { failuresInRow: 0 })
}

export function pause(state: PoolState, device: Device, because: string): void {
  if (device.reputation.pausedBecause !== null) return
  setReputation(state, device, { pausedBecause: because })
  recount(state, device)
  for (const lease of [...device.leases]) dropLease(state, lease, because, true)
  state.waiting.delete(device)
  if (device.connected) state.effects.push({ type: 'devicePaused', device: device.id, paused: true, because })
}

export function resume(state: PoolState, device: Device, because: string): void {
  if (device.reputation.pausedBecause === null && device.reputation.failuresInRow === 0) return
  const was = device.reputation.pausedBecause
  setReputation(state, device, { pausedBecause: null, failuresInRow: 0 })
  device.cap = device.threads + 1
  recount(state, device)
  if (canWork(device) && device.room > 0) {
    state.waiting.add(device)
    state.stirred = true
  }
  if (was !== null && device.connected)
    state.effects.push({ type: 'devicePaused', device: device.id, paused: false, because })
}

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
