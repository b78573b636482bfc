import type { JobId, VolunteerId } from '../../protocol/ids.ts'
import { today } from './clock.ts'
import { add, has, intervals, remove, runs } from './intervals.ts'
import type { Contributor, Device, Job } from './job-state.ts'
import type { PoolState } from './state.ts'
import { eachDecidedBy } from './tasks.ts'

/** The device's part in the job; from now on the device is remembered as long as the job runs. */
export function contribute(job: Job, device: Device): Contributor {
  const known = job.contributorOf.get(device.id)
  if (known) return known
  const contributor: Contributor = {
    index: job.contributors.length,
    device,
    volunteer: device.volunteer,
    earlier: new Map(),
    decided: 0,
    agreed: intervals(),
    pending: intervals(),
    distrusted: false,
    lastLength: 0,
  }
  job.contributors.push(contributor)
  job.contributorOf.set(device.id, contributor)
  device.contributes.add(job)
  return contributor
}

/** The results of `[from, to)` were returned for this volunteer; those that came before stay whose they were. */
export function returnedFor(job: Job, by: Contributor, volunteer: VolunteerId, from: number, to: number): void {
  if (by.volunteer !== volunteer) {
    const theirs = by.earlier.get(by.volunteer) ?? intervals()
    const others = [...by.earlier.values()]
    const keep = (task: number) => others.some((tasks) => has(tasks, task)) || add(theirs, task, task + 1)
    for (const tasks of [by.agreed, by.pending])
      for (const [a, b] of runs(tasks)) for (let task = a; task < b; task++) keep(task)
    eachDecidedBy(job.tasks, by.index, keep)
    by.earlier.set(by.volunteer, theirs)
    by.volunteer = volunteer
  }
  for (const tasks of by.earlier.values()) remove(tasks, from, to)
}

/** Who is paid for the contributor's result of the task, and from whom that is taken back. */
export function payeeOf(by: Contributor, task: number): VolunteerId {
  for (const [volunteer, tasks] of by.earlier) if (has(tasks, task)) return volunteer
  return by.volunteer
}

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
