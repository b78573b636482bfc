import { FINAL, isFinal, type JobId, type JobStatus } from '../../protocol/ids.ts'
import { squeeze, unsqueeze, wordsToBytes } from './core.ts'
import { type Database, quote, replacing, type Statement, upsert, type Value } from './database.ts'
import type { PrismaClient } from './generated/sqlite/client.ts'
import type { Histories } from './histories.ts'
import { countCommit, type Head, type Plan } from './plan.ts'
import { addExtent, type Segments } from './segments.ts'

// When a job's outputs are written anew without those that nobody needs any more: undecided ones that another took the lead
// from, revoked ones, and at the job's end all that were not accepted.

/** While a job goes on: more outputs than this per task. The needed ones are one per task, so that at least half can go. */
const OUTPUTS_PER_TASK = 2
/** Less than this is not worth a file. */
const LEAST_BYTES = 4 * 1024 * 1024
/** At the job's end: more than this share of what is needed. */
const SMALL_SHARE = 1 / 16

/** Whether a job that goes on has outputs enough that can go. @param after outputs left by the last rewriting */
export function isDue(outputs: number, bytes: number, taskCount: number, after: number): boolean {
  return outputs > Math.max(OUTPUTS_PER_TASK * taskCount, after + taskCount) && bytes > LEAST_BYTES
}

/** Writing gigabytes anew to win a few kilobytes would be no gain. */
export function isWorthIt(bytes: number, neededBytes: number): boolean {
  return bytes - neededBytes > neededBytes * SMALL_SHARE
}

/** Gives back the disk that outputs take which nobody needs any more. */
export function createReclaimer(parts: {
  readonly database: Database
  readonly segments: Segments
  readonly histories: Histories
  exclusive<T>(task: () => Promise<T>): Promise<T>
  /** Work that ends in a transaction which counts itself. */
  asHead(work: (head: Head) => Promise<Head>): Promise<void>
}) {
  const { database, segments, histories, exclusive, asHead } = parts
  const { prisma, transact } = database
  /** Outputs in the segments of jobs that go on, when they were last looked at. */
  const seen = new Map<JobId, number>()
  let underWay: Promise<void> = Promise.resolve()

  /** What cannot be written anew, on a full disk for example, stays as it is until it is looked at again. */
  function start(work: () => Promise<void>) {
    underWay = underWay.then(work).catch(() => {})
  }

  function hold(working: Promise<void>) {
    const ended = working.catch(() => {})
    start(() => ended)
  }

  async function replace({ job, segment, statements }: Rewrite) {
    await asHead(async (head) => {
      await histories.moved(job, () => transact([countCommit(head), ...statements]))
      return { ...head, commits: head.commits + 1 }
    })
    // A file that is being read may stay on some systems until the next start.
    await segments.remove(job, segment + 1).catch(() => {})
  }

  /** Between two commits: nothing may be appended meanwhile. */
  async function rewriteGoing(job: JobId, outputs: number) {
    seen.set(job, outputs)
    const plan = await planRewrite(prisma, histories, job)
    if (plan === null || !isWorthIt(plan.bytesBefore, plan.bytes)) return
    await segments.rewrite(job, plan.segment, plan.extents)
    await replace(plan)
    seen.set(job, plan.outputs)
  }

  /** Nothing is appended to the outputs of a job that ended, so commits go on while they are copied. */
  async function rewriteEnded(job: JobId) {
    const plan = await planRewrite(prisma, histories, job)
    if (plan === null) return
    if (!isWorthIt(plan.bytesBefore, plan.bytes)) {
      await prisma.job.update({ where: { id: job }, data: { garbage: false } })
      return
    }
    await segments.rewrite(job, plan.segment, plan.extents)
    await exclusive(async () => {
      const there = await prisma.job.findUnique({ where: { id: job, deletedAt: null, hasOutputs: true } })
      if (there === null) await segments.remove(job)
      else await replace(plan)
    })
  }

  return {
    /** Looks at what a commit has written. */
    committed({ positions, ended }: Plan): void {
      for (const job of ended) {
        seen.delete(job)
        start(() => rewriteEnded(job))
      }
      for (const [job, { outputs, end, taskCount }] of positions) {
        if (ended.includes(job) || !isDue(outputs, end, taskCount, seen.get(job) ?? 0)) continue
        seen.set(job, outputs)
        hold(exclusive(() => rewriteGoing(job, outputs)))
      }
    },
    /** Jobs that ended before a crash, and what rewritings that were cut short have left. */
    async resume(): Promise<void> {
      for (const job of await segments.rewritten()) {
        const row = await prisma.job.findUnique({ where: { id: job }, select: { segment: true } })
        if (row !== null) await segments.remove(job, row.segment)
      }
      const rows = await prisma.job.findMany({ where: { garbage: true, hasOutputs: true }, select: { id: true } })
      for (const { id } of rows) start(() => rewriteEnded(id as JobId))
    },
    /** Resolves when nothing is under way. */
    settled: () => underWay,
  }
}

/** Rows fetched at once. */
const PAGE = 2_000

type Rewrite = NonNullable<Awaited<ReturnType<typeof planRewrite>>>

/**
 * How a job's segment becomes its next one, which has the needed outputs alone, and what the database must say then. Null
 * where there is nothing to write anew: the job is gone, or its outputs are.
 */
async function planRewrite(prisma: PrismaClient, histories: Histories, job: JobId) {
  const row = await prisma.job.findUnique({
    where: { id: job, deletedAt: null, hasOutputs: true },
    select: { status: true, segment: true, outputBytes: true },
  })
  const runs = row === null ? undefined : await histories.ownRuns(job)
  if (row === null || runs === undefined) return null
  const needed = runs.needed(isFinal(row.status as JobStatus))
  const extents: { offset: number; size: number }[] = []
  const places: { offset: number; lengths: Uint32Array }[] = []
  let bytes = 0
  let outputs = 0
  for (const [index, { from, to, place }] of runs.kept().entries()) {
    if (place === null) continue
    const lengths = unsqueeze(place.lengths, to - from).slice()
    const start = bytes
    let offset = place.offset
    for (const [i, size] of lengths.entries()) {
      if (needed(index, from + i)) {
        addExtent(extents, offset, size)
        bytes += size
        outputs++
      } else lengths[i] = 0
      offset += size
    }
    places.push({ offset: start, lengths: squeeze(lengths) })
  }
  const { segment } = row
  const statements = [
    ...(await placeStatements(prisma, job, places)),
    {
      sql: 'UPDATE "Job" SET "segment" = $1, "outputBytes" = $2, "keptOutputs" = $3, "garbage" = $4 WHERE "id" = $5',
      args: [segment + 1, bytes, outputs, false, job],
    },
  ]
  return { job, segment, bytesBefore: Number(row.outputBytes), bytes, outputs, extents, statements }
}

/** @param places of all results with bytes, in the order of their commits */
async function placeStatements(
  prisma: PrismaClient,
  job: JobId,
  places: readonly { readonly offset: number; readonly lengths: Uint32Array }[],
): Promise<Statement[]> {
  const none = new Uint8Array()
  const values: Value[][] = []
  for (let at = 0, after = -1; at < places.length; ) {
    const rows = await prisma.run.findMany({
      where: { jobId: job, seq: { gt: after }, offset: { not: null } },
      orderBy: { seq: 'asc' },
      take: PAGE,
      omit: { jobId: true, offset: true, lengths: true, prices: true, digests: true },
    })
    if (rows.length === 0) throw new Error(`Results of job ${job} vanished while its outputs were written anew`)
    for (const { seq, from, to, deviceId, volunteerId, state } of rows) {
      const { offset, lengths } = places[at++]!
      // The row is there: of these only the place is taken over.
      values.push([job, seq, from, to, deviceId, volunteerId, state, offset, wordsToBytes(lengths), none, none])
      after = seq
    }
  }
  const columns = ['jobId', 'seq', 'from', 'to', 'deviceId', 'volunteerId', 'state', 'offset', 'lengths']
  return upsert('Run', [...columns, 'prices', 'digests'], values, replacing(['jobId', 'seq'], ['offset', 'lengths']))
}

/** Lines for the question "why?" that are kept: counted, as the host's clock cannot tell how old they are. */
const EVENTS_KEPT = 200_000

/**
 * Removes what marked jobs leave behind: outputs and what was known of each of them; of deleted jobs also results, decisions
 * and events. The mark goes last, so that a crash in between is made up for at the next start.
 */
export async function sweep({ prisma, transact }: Database, segments: Segments): Promise<void> {
  const where = { garbage: true, hasOutputs: false }
  const marked = await prisma.job.findMany({ where, select: { id: true, deletedAt: true } })
  for (const { id, deletedAt } of marked) {
    await segments.remove(id as JobId)
    await transact(
      deletedAt === null ? [forgetFacts(id)] : ['Run', 'Decision', 'Event'].map((table) => deleteOf(table, id)),
    )
    await prisma.job.update({ where: { id }, data: { garbage: false, outputBytes: 0, keptOutputs: 0 } })
  }
}

function forgetFacts(job: string): Statement {
  const none = new Uint8Array()
  return { sql: 'UPDATE "Run" SET "prices" = $1, "digests" = $2 WHERE "jobId" = $3', args: [none, none, job] }
}

function deleteOf(table: string, job: string): Statement {
  return { sql: `DELETE FROM ${quote(table)} WHERE "jobId" = $1`, args: [job] }
}

/** Writes down of every finished job, once, how long the pool had run then. Of a later time a restored backup knows. */
export function beginAges(ranMs: number): Statement {
  const statuses = FINAL.map((status) => `'${status}'`).join()
  return {
    sql: `UPDATE "Job" SET "keptSince" = $1
      WHERE "hasOutputs" AND "status" IN (${statuses}) AND ("keptSince" IS NULL OR "keptSince" > $2)`,
    args: [ranMs, ranMs],
  }
}

export async function pruneEvents({ transact }: Database): Promise<void> {
  const oldest = `SELECT "id" FROM "Event" ORDER BY "id" DESC LIMIT 1 OFFSET ${EVENTS_KEPT}`
  await transact([{ sql: `DELETE FROM "Event" WHERE "id" <= (${oldest})`, args: [] }])
}
