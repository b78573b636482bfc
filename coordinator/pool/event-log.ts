import type { DeviceId, JobId } from '../../protocol/ids.ts'

/** The recent events of one job or device: a ring, so that it stays small however long the pool runs. */
export interface EventLog {
  readonly entries: LoggedEvent[]
  readonly length: number
  at: number
}

export interface LoggedEvent {
  at: number
  readonly what: string
  /** The other side of it: the device in a job's log, the job in a device's. */
  readonly device: DeviceId | null
  readonly job: JobId | null
  readonly from: number
  to: number
  readonly detail: string
}

/** Many devices may be here; few jobs run at once. */
export const DEVICE_LOG = 32
export const JOB_LOG = 200

export function createEventLog(length: number): EventLog {
  return { entries: [], length, at: 0 }
}

export function note(into: EventLog, event: LoggedEvent): void {
  if (into.entries.length < into.length) into.entries.push(event)
  else into.entries[into.at % into.length] = event
  into.at++
}

/** Oldest first. */
export function entriesOf(log: EventLog): LoggedEvent[] {
  const start = log.entries.length < log.length ? 0 : log.at % log.length
  return [...log.entries.slice(start), ...log.entries.slice(0, start)]
}

export function lastOf(log: EventLog): LoggedEvent | undefined {
  return log.at === 0 ? undefined : log.entries[(log.at - 1) % log.length]
}
