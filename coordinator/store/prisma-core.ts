import { statfs } from 'node:fs/promises'
import type { JobId } from '../../protocol/ids.ts'
import { FINAL } from '../../protocol/ids.ts'
import { move } from '../thread.ts'
import { createBoard } from './board.ts'
import type { Core } from './core.ts'
import { checkFolder } from './data-dir.ts'
import type { Database } from './database.ts'
import { createHistories, doubtsOf } from './histories.ts'
import { createPeople } from './people.ts'
import { type Head, planCommit } from './plan.ts'
import { OutputsMissing, StoreError } from './port.ts'
import { beginAges, createReclaimer, pruneEvents, sweep } from './reclaim.ts'
import { cursorAfter, jobRecord, jobRow, olderThan, pageOf } from './records.ts'
import { packJob } from './rows.ts'
import { readOutputs, type Segments } from './segments.ts'
import { storeErrorOf } from './store-error.ts'

const OUTPUTS_LOST = 'Its outputs are no longer in the data folder. Run it again.'

/** The store over a database and a folder of outputs. */
export async function createPrismaCore(parts: {
  database: Database
  segments: Segments
  dataDir: string
  poolId: string
}): Promise<Core> {
  const { database, segments, dataDir, poolId } = parts
  const { prisma } = database
  const exclusive = createExclusive()
  const histories = createHistories(prisma)
  const board = createBoard(prisma)
  /** Null after a commit of which nobody knows whether it happened: only the database can tell, so load() must ask. */
  let head: Head | null = await takeOver()
  const reclaimer = createReclaimer({ database, segments, histories, exclusive, asHead })
  await sweep(database, segments)
  await reclaimer.resume()
  await pruneEvents(database)

  /** Waits for whatever commit may still be under way on the server; none of an earlier coordinator succeeds afterwards. */
  async function takeOver(): Promise<Head> {
    await database.hold()
    const { epoch, commits, weekEnds } = await prisma.head.update({
      where: { id: 1 },
      data: { epoch: { increment: 1 } },
    })
    return { epoch, commits: Number(commits), weekEnds }
  }

  /** Which outputs count, and the file they are in, which stays readable when another takes its place. */
  async function openOutputs(job: JobId, any: boolean) {
    for (;;) {
      const placed = await histories.placed(job)
      if (placed === undefined) return undefined
      const { runs, segment } = placed
      if (!any) return { runs, file: null }
      try {
        return { runs, file: await segments.openForReading(job, segment) }
      } catch (error) {
        // Written anew in between, or really gone.
        if ((await histories.placed(job))?.segment === segment) throw error
      }
    }
  }

  async function asHead(work: (current: Head) => Promise<Head>): Promise<void> {
    if (head === null) throw new StoreError('The last commit failed; the pool has to be loaded again.', null)
    try {
      head = await work(head)
    } catch (error) {
      head = null
      histories.forget()
      await segments.closeFiles()
      throw error
    }
  }

  return withStoreErrors({
    load: () =>
      exclusive(async () => {
        histories.forget()
        await segments.closeFiles()
        await checkFolder(poolId, dataDir)
        head = await takeOver()
        const rows = await prisma.job.findMany({
          where: { status: { notIn: FINAL }, deletedAt: null },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        })
        const jobs = []
        for (const row of rows) {
          const record = jobRecord(row)
          if ((await segments.sizeBytes(record.id, row.segment)) >= record.outputBytes)
            jobs.push(await packJob(prisma, record, row.history))
          else
            await prisma.job.update({
              where: { id: row.id },
              data: { status: 'failed', error: OUTPUTS_LOST, finishedAt: Date.now() },
            })
        }
        return move(
          jobs,
          jobs.map(({ history }) => history.words.buffer),
        )
      }),

    commit: (batch) =>
      exclusive(() =>
        asHead(async (current) => {
          const mentioned = batch.changes.flatMap((change) =>
            change.type === 'jobChanged' ? change.job.id : 'job' in change ? change.job : [],
          )
          let positions = await histories.positions(mentioned)
          let plan = planCommit(batch, [], positions, current)
          const doubts = await doubtsOf(batch, plan.happened, prisma, histories)
          if (doubts.length > 0) {
            positions = await histories.positions([...mentioned, ...doubts.map(({ job }) => job)])
            plan = planCommit(batch, doubts, positions, current)
          }
          await segments.append(plan.appends)
          await database.transact(plan.statements)
          histories.happened(plan)
          reclaimer.committed(plan)
          return plan.head
        }),
      ),

    addJob: (job) => exclusive(async () => void (await prisma.job.create({ data: jobRow(job) }))),
    async job(id) {
      const row = await prisma.job.findUnique({ where: { id, deletedAt: null } })
      return row === null ? undefined : jobRecord(row)
    },
    async jobs({ limit, cursor, status, submitter, but }) {
      const whose = { ...(submitter && { submitter }), ...(but && { NOT: { submitter: but } }) }
      const rows = await prisma.job.findMany({
        where: { deletedAt: null, ...(status && { status }), ...whose, ...olderThan(cursor) },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
      })
      return pageOf(rows.map(jobRecord), limit, cursorAfter)
    },
    deleteJob: (id) =>
      exclusive(async () => {
        const row = await prisma.job.findUnique({ where: { id, deletedAt: null }, select: { id: true } })
        if (row === null) return false
        const data = { deletedAt: Date.now(), hasOutputs: false, garbage: true, params: 'null' }
        await prisma.job.update({ where: { id }, data })
        histories.forget(id)
        await sweep(database, segments)
        return true
      }),
    forgetOutputs: ({ ranMs, keptMs }) =>
      exclusive(async () => {
        await database.transact([beginAges(ranMs)])
        const where = { status: { in: FINAL }, keptSince: { lte: ranMs - keptMs }, hasOutputs: true }
        const rows = await prisma.job.findMany({ where, select: { id: true, outputBytes: true } })
        let freed = 0
        for (const { id, outputBytes } of rows) {
          await prisma.job.update({ where: { id }, data: { hasOutputs: false, garbage: true } })
          histories.forget(id as JobId)
          freed += Number(outputBytes)
        }
        await sweep(database, segments)
        await pruneEvents(database)
        return freed
      }),

    async *outputs(id, from, to) {
      const row = await prisma.job.findUnique({ where: { id, deletedAt: null, hasOutputs: true } })
      const opened = row === null ? undefined : await openOutputs(id, row.outputBytes > 0n)
      if (row === null || opened === undefined) throw new OutputsMissing(id, from)
      try {
        yield* readOutputs(id, opened.file, opened.runs.sources(from, to ?? row.taskCount))
      } finally {
        await opened.file?.close()
      }
    },
    decided: async (id) => (await histories.placed(id))?.runs.decided() ?? [],
    ...board,

    ...createPeople(database),

    async diskUse() {
      const [databaseBytes, { _sum }, disk] = await Promise.all([
        database.sizeBytes(),
        prisma.job.aggregate({ _sum: { outputBytes: true } }),
        statfs(dataDir),
      ])
      return { databaseBytes, outputsBytes: Number(_sum.outputBytes ?? 0n), freeBytes: disk.bavail * disk.bsize }
    },
    async close() {
      await reclaimer.settled()
      await exclusive(async () => {
        await segments.closeFiles()
        await database.close()
      })
    },
  })
}

/** Runs one task at a time, in the order they came. */
function createExclusive(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const next = last.then(task)
    last = next.catch(() => {})
    return next
  }
}

/** The same core, whose errors of the outside world are {@link StoreError}. */
function withStoreErrors(core: Core): Core {
  const guard = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) => {
    return async (...args: Args) => {
      try {
        return await call(...args)
      } catch (error) {
        throw storeErrorOf(error)
      }
    }
  }
  const { outputs, ...calls } = core
  const guarded = Object.entries(calls).map(([name, call]) => [name, guard(call as () => Promise<unknown>)])
  return {
    ...(Object.fromEntries(guarded) as typeof calls),
    async *outputs(...args) {
      try {
        yield* outputs(...args)
      } catch (error) {
        throw storeErrorOf(error)
      }
    },
  }
}
