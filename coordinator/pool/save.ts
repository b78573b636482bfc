import type { JobId } from '../../protocol/ids.ts'
import { dayOf } from './clock.ts'
import { contribute } from './contribute.ts'
import type { Job } from './job-state.ts'
import { type Applying, apply, type TaskChange } from './record.ts'
import { broken, type Device, type PoolState } from './state.ts'

export type Extra = Partial<Pick<Applying, 'msPerTask' | 'lease' | 'probe'>>

/** Applies a change of tasks and has it saved with the next commit. */
export function save(state: PoolState, job: Job, change: TaskChange, extra: Extra = {}): void {
  if (change.to <= change.from) return
  state.changes.push(change)
  apply(state, job, change, {
    pay: (by, tasks, credit, computeMs) => pay(state, by.device, job.spec.id, tasks, credit, computeMs),
    contributor: (id) => {
      const device = state.devices.get(id)
      return device ? contribute(job, device) : broken('a change names a device the pool knows', { change })
    },
    msPerTask: 0,
    lease: null,
    probe: null,
    ...extra,
  })
  state.dirty.add(job)
}

/** Adds to this event's ledger lines; what was earned and what was taken back stay apart. */
function pay(state: PoolState, device: Device, job: JobId, tasks: number, credit: number, computeMs: number): void {
  const key = `${tasks < 0 ? '-' : '+'}${device.id} ${job}`
  const line = state.lines.get(key) ?? { device, job, tasks: 0, credit: 0, computeMs: 0 }
  line.tasks += tasks
  line.credit += credit
  line.computeMs += computeMs
  state.lines.set(key, line)
}

/** Turns the event's ledger lines into changes. */
export function saveLines(state: PoolState): void {
  if (state.lines.size === 0) return
  const day = dayOf(state.clock.at)
  for (const { device, job, tasks, credit, computeMs } of state.lines.values()) {
    state.changes.push({
      type: 'credited',
      volunteer: device.volunteer,
      device: device.id,
      job,
      day,
      tasks,
      credit,
      computeMs: Math.round(computeMs),
    })
  }
  state.lines.clear()
}
