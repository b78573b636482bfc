import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import type { Change } from '../pool/effects.ts'
import type { AloneFailure } from '../pool/job.ts'
import type { PrismaClient } from './generated/sqlite/client.ts'
import type { PackedChange } from './pack.ts'
import type { Happened, Place, Plan, Position } from './plan.ts'
import { createRuns, type Decision, type KeptRun, type Runs } from './runs.ts'
import { bytesToWords } from './words.ts'

/** Rows fetched at once. */
const PAGE = 2_000
/** Tasks whose deciders are kept in memory, at five bytes each, for jobs that pages look at again and again. */
const REMEMBERED_TASKS = 20_000_000
const REMEMBERED_POSITIONS = 1_000

/** What the database knows of jobs' histories, remembered as long as commits succeed. */
export interface Histories {
  positions(jobs: Iterable<JobId>): Promise<Map<JobId, Position>>
  /** Which results decide the job's tasks, as committed. Kept up to date by later commits. */
  runs(job: JobId): Promise<Runs<Place> | undefined>
  /** The same, with the segment that their places are in. */
  placed(job: JobId): Promise<{ readonly runs: Runs<Place>; readonly segment: number } | undefined>
  /** The same, read afresh and the caller's own. */
  ownRuns(job: JobId): Promise<Runs<Place> | undefined>
  happened(plan: Pick<Plan, 'positions' | 'happened'>): void
  forget(job?: JobId): void
  /** Nobody is told of places while `change` gives a job's outputs other ones. */
  moved(job: JobId, change: () => Promise<void>): Promise<void>
}

interface Found {
  readonly runs: Runs<Place>
  readonly taskCount: number
  readonly segment: number
}

export function createHistories(prisma: PrismaClient): Histories {
  const known = new Map<JobId, Position>()
  const remembered = new Map<JobId, Found>()
  /** Answers to questions asked before something was forgotten are not believed. */
  let generation = 0
  const moving = new Map<JobId, Promise<void>>()

  /** Calls `done` in the very moment the replay has caught up with what is known to be committed. */
  async function read<T>(job: JobId, done: (found: Found) => T): Promise<T | undefined> {
    await moving.get(job)
    const asked = generation
    const row = await prisma.job.findUnique({ where: { id: job }, select: { taskCount: true, deletedAt: true } })
    if (row === null || row.deletedAt !== null) return undefined
    const runs = createRuns<Place>(row.taskCount)
    let next = 0
    for (;;) {
      await positions([job])
      const position = known.get(job)
      if (position === null) return undefined
      if (asked !== generation) return read(job, done)
      if (position !== undefined && position.history <= next)
        return done({ runs, taskCount: row.taskCount, segment: position.segment })
      const end = position?.history ?? next
      await replay(job, next, end, runs)
      next = end
    }
  }

  async function replay(job: JobId, first: number, end: number, runs: Runs<Place>) {
    for (let start = first; start < end; start += PAGE) {
      const where = { jobId: job, seq: { gte: start, lt: Math.min(end, start + PAGE) } }
      const [kept, decisions] = await Promise.all([
        prisma.run.findMany({ where, orderBy: { seq: 'asc' }, omit: { jobId: true, prices: true, digests: true } }),
        prisma.decision.findMany({ where, orderBy: { seq: 'asc' } }),
      ])
      for (const row of bySeq(kept, decisions)) {
        if ('what' in row) {
          if (row.what === 'distrusted') runs.distrust(row.deviceId as DeviceId)
          else if (row.what !== 'attempt') runs.decide(decisionOf(row))
        } else runs.keep(keptRunOf(row))
      }
    }
  }

  async function positions(jobs: Iterable<JobId>): Promise<Map<JobId, Position>> {
    const wanted = [...new Set(jobs)]
    const missing = wanted.filter((job) => !known.has(job))
    if (missing.length > 0) {
      const asked = generation
      const rows = await prisma.job.findMany({
        where: { id: { in: missing }, deletedAt: null },
        select: { id: true, segment: true, outputBytes: true, keptOutputs: true, history: true, taskCount: true },
      })
      if (asked !== generation) return positions(wanted)
      const found = new Map(
        rows.map(({ id, segment, outputBytes, keptOutputs, history, taskCount }) => [
          id,
          { segment, end: Number(outputBytes), outputs: keptOutputs, history, taskCount },
        ]),
      )
      // A commit that was quicker knows better.
      for (const job of missing) if (!known.has(job)) known.set(job, found.get(job) ?? null)
    }
    return new Map(wanted.map((job) => [job, known.get(job) ?? null]))
  }

  function remember(job: JobId, found: Found): Found {
    remembered.delete(job)
    remembered.set(job, found)
    let tasks = 0
    for (const { taskCount } of remembered.values()) tasks += taskCount
    for (const [oldest, { taskCount }] of remembered) {
      if (tasks <= REMEMBERED_TASKS || oldest === job) break
      remembered.delete(oldest)
      tasks -= taskCount
    }
    return found
  }

  async function placed(job: JobId): Promise<Found | undefined> {
    const found = remembered.get(job)
    return found !== undefined ? remember(job, found) : read(job, (fresh) => remember(job, fresh))
  }

  function forget(job?: JobId) {
    generation++
    if (job === undefined) {
      known.clear()
      remembered.clear()
    } else {
      known.delete(job)
      remembered.delete(job)
    }
  }

  return {
    positions,
    ownRuns: (job) => read(job, ({ runs }) => runs),
    placed,
    runs: async (job) => (await placed(job))?.runs,
    happened({ positions, happened }) {
      if (known.size > REMEMBERED_POSITIONS) known.clear()
      for (const [job, position] of positions) known.set(job, position)
      for (const one of happened) {
        const runs = remembered.get(one.job)?.runs
        if (runs !== undefined) applyTo(runs, one)
      }
    },
    forget,
    async moved(job, change) {
      forget(job)
      const changing = change()
      moving.set(
        job,
        changing.catch(() => {}),
      )
      try {
        await changing
      } finally {
        moving.delete(job)
        forget(job)
      }
    },
  }
}

export function applyTo(runs: Runs<Place>, one: Happened): void {
  if (one.type === 'placed') runs.keep(one)
  else if (one.type === 'doubted') runs.distrust(one.device)
  else runs.decide(one)
}

interface RunRow {
  readonly seq: number
  readonly from: number
  readonly to: number
  readonly deviceId: string
  readonly volunteerId: string
  readonly state: string
  readonly offset: bigint | null
  readonly lengths: Uint8Array
}
interface DecisionRow {
  readonly jobId: string
  readonly seq: number
  readonly what: string
  readonly from: number
  readonly to: number
  readonly deviceId: string | null
  readonly detail: string
}

/** Two lists in order of `seq` as one. */
export function* bySeq<A extends { seq: number }, B extends { seq: number }>(as: readonly A[], bs: readonly B[]) {
  let b = 0
  for (const a of as) {
    while (b < bs.length && bs[b]!.seq < a.seq) yield bs[b++]!
    yield a
  }
  yield* bs.slice(b)
}

function keptRunOf({ from, to, deviceId, volunteerId, state, offset, lengths }: RunRow): KeptRun<Place> {
  return {
    from,
    to,
    device: deviceId as DeviceId,
    volunteer: volunteerId as VolunteerId,
    state: state as KeptRun<Place>['state'],
    place: offset === null ? null : { offset: Number(offset), lengths: bytesToWords(lengths) },
  }
}

function decisionOf(row: DecisionRow): Decision {
  const { from, to, detail } = row
  const job = row.jobId as JobId
  const device = row.deviceId as DeviceId
  switch (row.what) {
    case 'decided':
      return { type: 'tasksDecided', job, from, to, device, how: detail as 'agreed' | 'host' | 'unchecked' | 'trusted' }
    case 'validated':
      return { type: 'tasksValidated', job, from, to }
    case 'revoked':
      return { type: 'resultsRevoked', job, from, to, device, because: detail }
    default:
      throw new Error(`The database has a decision "${row.what}" that this release does not know`)
  }
}

type AttemptDetail = Pick<Extract<Change, { type: 'attemptCounted' }>, 'attempts' | 'message'> & {
  readonly alone?: readonly AloneFailure[]
  readonly devices?: readonly DeviceId[]
}

/** A row of the history as the pool knows it; null for what is not the pool's business. */
export function changeOf(row: DecisionRow): Exclude<PackedChange, { type: 'resultKept' }> | null {
  if (row.what === 'distrusted') return null
  if (row.what !== 'attempt') return decisionOf(row)
  const { attempts, message, devices, ...detail } = JSON.parse(row.detail) as AttemptDetail
  // Earlier releases kept only which devices it were: as far as anybody knows now, all of one person.
  const unknown = (devices ?? []).map((device) => ({ device, voice: '', network: '', times: 1 }))
  const alone = detail.alone ?? unknown
  return { type: 'attemptCounted', job: row.jobId as JobId, task: row.from, attempts, alone, message }
}
