import type { JobId } from '../../protocol/ids.ts'
import type { Database } from './database.ts'
import type { Histories } from './histories.ts'
import { countCommit, type Head, type Plan } from './plan.ts'
import { isDue, isWorthIt } from './reclaim-rule.ts'
import { planRewrite, type Rewrite } from './rewrite.ts'
import type { Segments } from './segments.ts'

/** Gives back the disk that outputs take which nobody needs any more. */
export interface Reclaimer {
  /** Looks at what a commit has written. */
  committed(plan: Plan): void
  /** Jobs that ended before a crash, and what rewritings that were cut short have left. */
  resume(): Promise<void>
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

export function createReclaimer(parts: {
  readonly database: Database
  readonly segments: Segments
  readonly histories: Histories
  exclusive<T>(task: () => Promise<T>): Promise<T>
  /** Work that ends in a transaction which counts itself. */
  asHead(work: (head: Head) => Promise<Head>): Promise<void>
}): Reclaimer {
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
      await prisma.job.update({ where: { id: job }, data: { litter: false } })
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
    committed({ positions, ended }) {
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
    async resume() {
      for (const job of await segments.rewritten()) {
        const row = await prisma.job.findUnique({ where: { id: job }, select: { segment: true } })
        if (row !== null) await segments.remove(job, row.segment)
      }
      const rows = await prisma.job.findMany({ where: { litter: true, hasOutputs: true }, select: { id: true } })
      for (const { id } of rows) start(() => rewriteEnded(id as JobId))
    },
    settled: () => underWay,
  }
}
