import type { Explanation } from '../../protocol/api.ts'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { isFinal } from '../../protocol/ids.ts'
import type { Committer } from '../committer/committer.ts'
import type { Directory } from '../devices/connection.ts'
import type { Kernels } from '../kernels.ts'
import { ApiProblem } from '../problem.ts'
import type { JobRecord, Store } from '../store/port.ts'
import { type Jobs, time } from './jobs.ts'
import type { People } from './people.ts'

/** Refusals and revocations told of one subject; the pool's own story is as long as its ring. */
const KEPT_EVENTS = 100

export interface ExplainParts {
  readonly store: Store
  readonly committer: Committer
  readonly directory: Directory
  readonly kernels: Kernels
}

/** Why something is as it is: the pool's own words while it holds the subject, and what the store keeps for ever. */
export function createExplain(parts: ExplainParts, jobs: Jobs, people: People) {
  const { store, committer, directory, kernels } = parts

  async function kept(query: { job: JobId } | { device: DeviceId }): Promise<Explanation['events']> {
    const events = await store.events({ ...query, limit: KEPT_EVENTS })
    return events.map(({ at, what }) => ({ at: time(at), what }))
  }

  /** Both stories as one, newest first, told once each. */
  function together(now: Explanation['events'], before: Explanation['events']): Explanation['events'] {
    const all = new Map([...now, ...before].map((event) => [`${event.at} ${event.what}`, event]))
    return [...all.values()].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  }

  function ofEnded(record: JobRecord): string[] {
    const { status, error, finishedAt } = record.progress
    const when = finishedAt === null ? '' : ` at ${time(finishedAt)}`
    const doubted =
      record.doubted > 0
        ? [`${record.doubted} of its tasks rest on a device that was caught lying since. Run it again to be sure.`]
        : []
    switch (status) {
      case 'done':
        return [`All ${record.taskCount} tasks are accepted; it was done${when}.`, ...doubted]
      case 'failed':
        return [error ?? `It failed${when}.`]
      case 'cancelled':
        return [`It was cancelled${when}.`]
      default:
        return [jobs.view(record).waiting ?? 'It is not held by the pool right now.']
    }
  }

  async function job(id: JobId, task: number | undefined): Promise<Explanation> {
    const record = await jobs.record(id)
    if (task !== undefined && (task < 0 || task >= record.taskCount))
      throw new ApiProblem(404, `This job has tasks 0 to ${record.taskCount - 1}.`)
    const told = committer.pool()?.explain(task === undefined ? { job: id } : { job: id, task })
    const because = told ? [...told.because] : ofEnded(record)
    if (task !== undefined && !told) because.push(await whoDecided(id, task))
    const kernel = kernels[record.kind]
    if (kernel && kernel.hash !== record.kernelHash && !isFinal(record.progress.status))
      because.push(
        'The kernel was built anew since this job began. It is defined to the bit, so what was accepted stays and the rest is computed by the new one.',
      )
    return { because, events: together(told?.events ?? [], task === undefined ? await kept({ job: id }) : []) }
  }

  async function whoDecided(id: JobId, task: number): Promise<string> {
    const run = (await store.decided(id)).find(({ from, to }) => task >= from && task < to)
    if (!run) return 'No output of this task is accepted.'
    const device = await store.device(run.device)
    const volunteer = await store.volunteer(run.volunteer)
    return `Its output came from ${device?.name || 'a device'} of ${people.publicName(volunteer)}.`
  }

  async function device(id: DeviceId): Promise<Explanation> {
    const record = await people.device(id)
    const told = committer.pool()?.explain({ device: id })
    const because = told ? [...told.because] : []
    if (record.removed) because.unshift('The admin of this pool removed it.')
    else if (!directory.get(id)) because.unshift(`It is away since ${time(record.lastSeenAt)}.`)
    if (!told && record.reputation?.pausedBecause) because.push(`It is paused: ${record.reputation.pausedBecause}`)
    return { because, events: together(told?.events ?? [], await kept({ device: id })) }
  }

  return (subject: { job: JobId; task?: number } | { device: DeviceId }): Promise<Explanation> =>
    'device' in subject ? device(subject.device) : job(subject.job, subject.task)
}
