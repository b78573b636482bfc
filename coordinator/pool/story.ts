import type { DeviceId, JobId } from '../../protocol/ids.ts'

/** The recent events of one job or device: a ring, so that it stays small however long the pool runs. */
export interface Story {
  readonly entries: Happening[]
  readonly length: number
  at: number
}

export interface Happening {
  at: number
  readonly what: string
  /** The other side of it: the device in a job's story, the job in a device's. */
  readonly device: DeviceId | null
  readonly job: JobId | null
  readonly from: number
  to: number
  readonly detail: string
}

/** Many devices may be here; few jobs run at once. */
export const DEVICE_STORY = 32
export const JOB_STORY = 200

export function story(length: number): Story {
  return { entries: [], length, at: 0 }
}

export function note(into: Story, happening: Happening): void {
  if (into.entries.length < into.length) into.entries.push(happening)
  else into.entries[into.at % into.length] = happening
  into.at++
}

/** Oldest first. */
export function entriesOf(of: Story): Happening[] {
  const start = of.entries.length < of.length ? 0 : of.at % of.length
  return [...of.entries.slice(start), ...of.entries.slice(0, start)]
}

export function lastOf(of: Story): Happening | undefined {
  return of.at === 0 ? undefined : of.entries[(of.at - 1) % of.length]
}
