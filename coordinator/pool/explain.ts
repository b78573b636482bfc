import type { Explanation } from '../../protocol/api.ts'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { isoOf } from './clock.ts'
import { entriesOf, type LoggedEvent } from './event-log.ts'
import { explainDevice } from './explain-device.ts'
import { explainJob } from './explain-job.ts'
import { explainTask } from './explain-task.ts'
import type { PoolState } from './state.ts'
import { tell } from './tell.ts'

/** Why something is as it is, in words, and what happened lately. */
export function explain(
  state: PoolState,
  subject: { readonly job: JobId; readonly task?: number } | { readonly device: DeviceId },
): Explanation | undefined {
  if ('device' in subject) {
    const device = state.devices.get(subject.device)
    return device && answer(state, explainDevice(state, device), entriesOf(device.log), 'device')
  }
  const { task } = subject
  const told = state.jobs.get(subject.job) ?? state.finished.get(subject.job)
  if (!told) return undefined
  const job = state.jobs.get(subject.job)
  const entries = entriesOf(told.log)
  if (task === undefined) {
    const progress = state.finished.get(subject.job)?.progress
    return answer(
      state,
      job ? explainJob(state, job) : [`The job is ${progress?.status}.`, ...(progress?.error ? [progress.error] : [])],
      entries,
      'job',
    )
  }
  const count = job?.spec.taskCount ?? state.finished.get(subject.job)?.progress.taskCount ?? 0
  if (task < 0 || task >= count || !Number.isInteger(task)) return undefined
  const because = job ? explainTask(job, task) : ['The job is over; what happened to single tasks is not kept here.']
  return answer(
    state,
    because,
    entries.filter(({ from, to }) => task >= from && task < to),
    'job',
  )
}

function answer(
  state: PoolState,
  because: readonly string[],
  entries: readonly LoggedEvent[],
  of: 'job' | 'device',
): Explanation {
  const since = `Events are remembered since the coordinator's start at ${isoOf(state.startedAt)}, the most recent ones only.`
  return {
    because: [...because, since],
    events: entries.map((entry) => ({ at: isoOf(entry.at), what: tell(entry, of) })),
  }
}
