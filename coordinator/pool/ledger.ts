import type { JobId, VolunteerId } from '../../protocol/ids.ts'
import { today } from './clock.ts'
import type { Device } from './job-state.ts'
import type { PoolState } from './state.ts'

/** Adds to this event's ledger lines; what was earned and what was taken back stay apart. */
export function pay(
  state: PoolState,
  device: Device,
  volunteer: VolunteerId,
  job: JobId,
  tasks: number,
  credit: number,
  computeMs: number,
): void {
  // An event pays few, so looking through them is faster than any index.
  for (const line of state.lines) {
    if (line.device !== device || line.volunteer !== volunteer || line.job !== job) continue
    if (line.tasks < 0 !== tasks < 0) continue
    line.tasks += tasks
    line.credit += credit
    line.computeMs += computeMs
    return
  }
  state.lines.push({ device, volunteer, job, tasks, credit, computeMs })
}

/** Turns the event's ledger lines into changes. */
export function saveLines(state: PoolState): void {
  if (state.lines.length === 0) return
  const day = today(state.clock)
  for (const { device, volunteer, job, tasks, credit, computeMs } of state.lines) {
    state.changes.push({
      type: 'credited',
      volunteer,
      device: device.id,
      job,
      day,
      tasks,
      credit,
      computeMs: Math.round(computeMs),
    })
  }
  state.lines.length = 0
}
