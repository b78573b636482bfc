import { forgettable } from './devices.ts'
import { expire, lose } from './losses.ts'
import { measurePace, medianPace } from './progress.ts'
import type { PoolState } from './state.ts'

/** Time passed: what only time changes. */
export function tick(state: PoolState): void {
  state.ticking = true
  expire(state)
  lose(state)
  for (const job of state.jobs.values()) {
    measurePace(state, job)
    // Also finds what a restart left finished, and tells why a job does not progress.
    state.dirty.add(job)
  }
  state.medianPace = medianPace(state.devices.values())
  for (const device of state.devices.values()) if (forgettable(state, device)) state.devices.delete(device.id)
  if (state.waiting.size > 0) state.stirred = true
}
