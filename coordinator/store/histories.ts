import type { DeviceId, JobId } from '../../protocol/ids.ts'
import type { PackedBatch } from './core.ts'
import type { PrismaClient } from './generated/sqlite/client.ts'
import type { Doubt, Happened, Plan, Position } from './plan.ts'
import { bySeq, decisionOf, keptRunOf } from './rows.ts'
import { createRuns, type Place, type Runs } from './runs.ts'

/** Rows fetched at once. */
const PAGE = 2_000
/** Tasks whose deciders are kept in memory, at five bytes each, for jobs that pages look at again and again. */
const REMEMBERED_TASKS = 20_000_000
const REMEMBERED_POSITIONS = 1_000

export type Histories = ReturnType<typeof createHistories>

interface Found {
  readonly runs: Runs<Place>
  readonly taskCount: number
  readonly segment: number
}

/** What the database knows of jobs' histories, remembered as long as commits succeed. */
export function createHistories(prisma: PrismaClient) {
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
    /** Which results decide the job's tasks, as committed; read afresh and the caller's own. */
    ownRuns: (job: JobId) => read(job, ({ runs }) => runs),
    /** The same, remembered and kept up to date by later commits, with the segment that their places are in. */
    placed,
    happened({ positions, happened }: Pick<Plan, 'positions' | 'happened'>): void {
      if (known.size > REMEMBERED_POSITIONS) known.clear()
      for (const [job, position] of positions) known.set(job, position)
      for (const one of happened) {
        const runs = remembered.get(one.job)?.runs
        if (runs !== undefined) applyTo(runs, one)
      }
    },
    forget,
    /** Nobody is told of places while `change` gives a job's outputs other ones. */
    async moved(job: JobId, change: () => Promise<void>): Promise<void> {
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

function applyTo(runs: Runs<Place>, one: Happened): void {
  if (one.type === 'placed') runs.keep(one)
  else if (one.type === 'doubted') runs.distrust(one.device)
  else runs.decide(one)
}

/** Finished jobs, once this batch is committed, that rest on the word of devices it distrusts. Seldom anything. */
export async function doubtsOf(
  { changes }: PackedBatch,
  happened: readonly Happened[],
  prisma: PrismaClient,
  histories: Histories,
): Promise<Doubt[]> {
  const devices = new Set<DeviceId>()
  const finished = new Map<JobId, boolean>()
  for (const change of changes) {
    if (change.type === 'deviceDistrusted') devices.add(change.device)
    if (change.type === 'jobChanged') finished.set(change.job.id, change.job.status === 'done')
  }
  const doubts: Doubt[] = []
  if (devices.size === 0) return doubts
  const done = await prisma.job.findMany({ where: { status: 'done', deletedAt: null }, select: { id: true } })
  for (const { id } of done) if (!finished.has(id as JobId)) finished.set(id as JobId, true)
  for (const device of devices) {
    const lines = await prisma.ledger.findMany({
      where: { deviceId: device },
      distinct: 'jobId',
      select: { jobId: true },
    })
    const earned = changes.flatMap((change) =>
      change.type === 'credited' && change.device === device ? change.job : [],
    )
    for (const job of new Set([...lines.map(({ jobId }) => jobId as JobId), ...earned])) {
      if (finished.get(job) !== true) continue
      const runs = await histories.ownRuns(job)
      if (runs === undefined) continue
      for (const one of [...happened, ...doubts]) if (one.job === job) applyTo(runs, one)
      runs.distrust(device)
      doubts.push({ type: 'doubted', job, device, tasks: runs.doubted() })
    }
  }
  return doubts
}
