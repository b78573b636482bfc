import type { AloneFailure } from './job.ts'
import { dropLease } from './leases.ts'
import { recount } from './presence.ts'
import { setStanding } from './standing.ts'
import { canWork, type Device, type PoolState } from './state.ts'

// Devices that fail get less to lose, and after five failures in a row nothing until somebody looks.

const FAILURES_TO_PAUSE = 5

/** Failures of leases that were out together are one failure: a frozen tab loses all it holds at once. */
export function failed(state: PoolState, device: Device, issuedAt: number, what: string): void {
  if (issuedAt < device.failedAt || device.host) return
  device.failedAt = state.clock.now
  device.cap = Math.max(1, Math.floor(Math.min(device.cap, device.threads + 1) / 2))
  const failuresInRow = device.standing.failuresInRow + 1
  setStanding(state, device, { failuresInRow })
  if (failuresInRow < FAILURES_TO_PAUSE || device.standing.pausedBecause !== null) return
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
  if (device.standing.failuresInRow === 0) return
  setStanding(state, device, { failuresInRow: 0 })
}

export function pause(state: PoolState, device: Device, because: string): void {
  if (device.standing.pausedBecause !== null) return
  setStanding(state, device, { pausedBecause: because })
  recount(state, device)
  for (const lease of [...device.leases]) dropLease(state, lease, because, true)
  state.waiting.delete(device)
  if (device.connected) state.effects.push({ type: 'devicePaused', device: device.id, paused: true, because })
}

export function resume(state: PoolState, device: Device, because: string): void {
  if (device.standing.pausedBecause === null && device.standing.failuresInRow === 0) return
  const was = device.standing.pausedBecause
  setStanding(state, device, { pausedBecause: null, failuresInRow: 0 })
  device.cap = device.threads + 1
  recount(state, device)
  if (canWork(device) && device.room > 0) {
    state.waiting.add(device)
    state.stirred = true
  }
  if (was !== null && device.connected)
    state.effects.push({ type: 'devicePaused', device: device.id, paused: false, because })
}
