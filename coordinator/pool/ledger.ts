import type { JobId } from '../../protocol/ids.ts'
import { today } from './clock.ts'
import type { Device, PoolState } from './state.ts'

/** Adds to this event's ledger lines; what was earned and what was taken back stay apart. */
export function pay(
  state: PoolState,
  device: Device,
  job: JobId,
  tasks: number,
  credit: number,
  computeMs: number,
): void {
  const key = `${tasks < 0 ? '-' : '+'}${device.id} ${job}`
  const line = state.lines.get(key)
  if (!line) {
    state.lines.set(key, { device, job, tasks, credit, computeMs })
    return
  }
  line.tasks += tasks
  line.credit += credit
  line.computeMs += computeMs
}

/** Turns the event's ledger lines into changes. */
export function saveLines(state: PoolState): void {
  if (state.lines.size === 0) return
  const day = today(state.clock)
  for (const { device, job, tasks, credit, computeMs } of state.lines.values()) {
    const { volunteer, id } = device
    state.changes.push({
      type: 'credited',
      volunteer,
      device: id,
      job,
      day,
      tasks,
      credit,
      computeMs: Math.round(computeMs),
    })
  }
  state.lines.clear()
}
