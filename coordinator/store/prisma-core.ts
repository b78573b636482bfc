import { statfs } from 'node:fs/promises'
import type { JobId } from '../../protocol/ids.ts'
import { createBoard } from './board.ts'
import type { Core } from './core.ts'
import { cursorAfter, pageOf, parseCursor } from './cursor.ts'
import type { Database } from './database.ts'
import { doubtsOf } from './doubts.ts'
import { createExclusive } from './exclusive.ts'
import { createHistories } from './histories.ts'
import { pruneEvents, sweep } from './litter.ts'
import { type Head, planCommit } from './plan.ts'
import { OutputsMissing, StoreTrouble } from './port.ts'
import { readOutputs } from './read-outputs.ts'
import { deviceRecord, deviceRow, jobRecord, jobRow, volunteerRecord, volunteerRow } from './records.ts'
import type { Segments } from './segments.ts'
import { packJob } from './snapshot.ts'
import { troubleOf } from './trouble.ts'

const FINAL = ['done', 'failed', 'cancelled']
const OUTPUTS_LOST = 'Its outputs are no longer in the data folder. Run it again.'

/** The store over a database and a folder of outputs. */
export async function createPrismaCore(database: Database, segments: Segments, dataDir: string): Promise<Core> {
  const { prisma } = database
  const exclusive = createExclusive()
  const histories = createHistories(prisma)
  const board = createBoard(prisma)
  /** Null after a commit of which nobody knows whether it happened: only the database can tell, so load() must ask. */
  let head: Head | null = await takeOver()
  await sweep(prisma, segments)
  await pruneEvents(prisma, Date.now())

  /** Waits for whatever commit may still be under way on the server; none of an earlier coordinator succeeds afterwards. */
  async function takeOver(): Promise<Head> {
    await database.hold()
    const { epoch, commits, weekEnds } = await prisma.head.upsert({
      where: { id: 1 },
      create: { id: 1, epoch: 1, commits: 0 },
      update: { epoch: { increment: 1 } },
    })
    return { epoch, commits: Number(commits), weekEnds }
  }

  const core: Core = {
    load: () =>
      exclusive(async () => {
        histories.forget()
        await segments.closeFiles()
        head = await takeOver()
        const rows = await prisma.job.findMany({
          where: { status: { notIn: FINAL }, deletedAt: null },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        })
        const jobs = []
        for (const row of rows) {
          const record = jobRecord(row)
          if ((await segments.sizeBytes(record.id)) >= record.outputBytes)
            jobs.push(await packJob(prisma, record, row.history))
          else
            await prisma.job.update({
              where: { id: row.id },
              data: { status: 'failed', error: OUTPUTS_LOST, finishedAt: Date.now() },
            })
        }
        return jobs
      }),

    commit: (batch) =>
      exclusive(async () => {
        if (head === null) throw new StoreTrouble('The last commit failed; the pool has to be loaded again.', null)
        const current = head
        try {
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
          head = plan.head
        } catch (error) {
          head = null
          histories.forget()
          await segments.closeFiles()
          throw error
        }
      }),

    addJob: (job) => exclusive(async () => void (await prisma.job.create({ data: jobRow(job) }))),
    async job(id) {
      const row = await prisma.job.findUnique({ where: { id, deletedAt: null } })
      return row === null ? undefined : jobRecord(row)
    },
    async jobs({ limit, cursor, status }) {
      const rows = await prisma.job.findMany({
        where: { deletedAt: null, ...(status && { status }), ...olderThan(cursor) },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
      })
      return pageOf(rows.map(jobRecord), limit, cursorAfter)
    },
    deleteJob: (id) =>
      exclusive(async () => {
        const { count } = await prisma.job.updateMany({
          where: { id, deletedAt: null },
          data: { deletedAt: Date.now(), hasOutputs: false, litter: true, params: 'null' },
        })
        histories.forget(id)
        if (count > 0) await sweep(prisma, segments)
        return count > 0
      }),
    forgetOutputs: (before) =>
      exclusive(async () => {
        const where = { status: { in: FINAL }, finishedAt: { lt: before }, hasOutputs: true }
        const { _sum } = await prisma.job.aggregate({ where, _sum: { outputBytes: true } })
        await prisma.job.updateMany({ where, data: { hasOutputs: false, litter: true } })
        histories.forget()
        await sweep(prisma, segments)
        await pruneEvents(prisma, Date.now())
        return Number(_sum.outputBytes ?? 0n)
      }),

    async *outputs(id, from, to) {
      const row = await prisma.job.findUnique({ where: { id, deletedAt: null, hasOutputs: true } })
      const runs = row === null ? undefined : await histories.runs(id)
      if (row === null || runs === undefined) throw new OutputsMissing(id, from)
      if (row.outputBytes === 0n) {
        yield* readOutputs(id, null, runs.sources(from, to ?? row.taskCount))
        return
      }
      const file = await segments.openForReading(id)
      try {
        yield* readOutputs(id, file, runs.sources(from, to ?? row.taskCount))
      } finally {
        await file.close()
      }
    },
    decided: async (id) => (await histories.runs(id))?.decided() ?? [],
    ...board,

    deviceByToken: (tokenHash) => findDevice({ tokenHash }),
    device: (id) => findDevice({ id }),
    async devices({ limit, cursor, seenSince }) {
      const rows = await prisma.device.findMany({
        where: { ...(seenSince !== undefined && { lastSeenAt: { gte: seenSince } }), ...olderThan(cursor) },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
      })
      const standings = await prisma.standing.findMany({ where: { deviceId: { in: rows.map(({ id }) => id) } } })
      const byDevice = new Map(standings.map((standing) => [standing.deviceId, standing]))
      return pageOf(
        rows.map((row) => deviceRecord(row, byDevice.get(row.id))),
        limit,
        cursorAfter,
      )
    },
    async volunteerByToken(tokenHash) {
      const row = await prisma.volunteer.findUnique({ where: { tokenHash } })
      return row === null ? undefined : volunteerRecord(row)
    },
    async volunteer(id) {
      const row = await prisma.volunteer.findUnique({ where: { id } })
      return row === null ? undefined : volunteerRecord(row)
    },
    async saveVolunteer(volunteer) {
      const { id, ...rest } = volunteerRow(volunteer)
      await prisma.volunteer.upsert({ where: { id }, create: { id, ...rest }, update: rest })
    },
    async saveDevice(device) {
      const { id, ...rest } = deviceRow(device)
      await prisma.device.upsert({ where: { id }, create: { id, ...rest }, update: rest })
    },
    async events({ job, device, limit }) {
      const rows = await prisma.event.findMany({
        where: { ...(job && { jobId: job }), ...(device && { deviceId: device }) },
        orderBy: { id: 'desc' },
        take: limit,
      })
      return rows.map(({ at, what }) => ({ at: Number(at), what }))
    },
    async diskUse() {
      const [databaseBytes, { _sum }, disk] = await Promise.all([
        database.sizeBytes(),
        prisma.job.aggregate({ _sum: { outputBytes: true } }),
        statfs(dataDir),
      ])
      return { databaseBytes, outputsBytes: Number(_sum.outputBytes ?? 0n), freeBytes: disk.bavail * disk.bsize }
    },
    close: () =>
      exclusive(async () => {
        await segments.closeFiles()
        await database.close()
      }),
  }

  async function findDevice(where: { id: string } | { tokenHash: string }) {
    const row = await prisma.device.findUnique({ where })
    if (row === null) return undefined
    return deviceRecord(row, await prisma.standing.findUnique({ where: { deviceId: row.id } }))
  }

  return core
}

/** Where a list goes on after the cursor. */
function olderThan(cursor: string | undefined) {
  const after = parseCursor(cursor)
  if (after === undefined) return {}
  const { createdAt, id } = after
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id as JobId } }] }
}

/** The same core, whose errors of the outside world are {@link StoreTrouble}. */
export function withTrouble(core: Core): Core {
  const guard = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) => {
    return async (...args: Args) => {
      try {
        return await call(...args)
      } catch (error) {
        throw troubleOf(error)
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
        throw troubleOf(error)
      }
    },
  }
}
