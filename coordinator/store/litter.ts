import type { JobId } from '../../protocol/ids.ts'
import type { Database, Statement } from './database.ts'
import type { Segments } from './segments.ts'
import { quote } from './upsert.ts'

/** Lines for the question "why?" are kept this long. */
const EVENTS_KEPT_MS = 30 * 86_400_000

/**
 * Removes what marked jobs leave behind: outputs and what was known of each of them; of deleted jobs also results, decisions
 * and events. The mark goes last, so that a crash in between is made up for at the next start.
 */
export async function sweep({ prisma, transact }: Database, segments: Segments): Promise<void> {
  const marked = await prisma.job.findMany({ where: { litter: true }, select: { id: true, deletedAt: true } })
  for (const { id, deletedAt } of marked) {
    await segments.remove(id as JobId)
    await transact(
      deletedAt === null ? [forgetFacts(id)] : ['Run', 'Decision', 'Event'].map((table) => deleteOf(table, id)),
    )
    await prisma.job.update({ where: { id }, data: { litter: false, outputBytes: 0 } })
  }
}

function forgetFacts(job: string): Statement {
  const none = new Uint8Array()
  return { sql: 'UPDATE "Run" SET "prices" = $1, "digests" = $2 WHERE "jobId" = $3', args: [none, none, job] }
}

function deleteOf(table: string, job: string): Statement {
  return { sql: `DELETE FROM ${quote(table)} WHERE "jobId" = $1`, args: [job] }
}

export async function pruneEvents({ transact }: Database, now: number): Promise<void> {
  await transact([{ sql: 'DELETE FROM "Event" WHERE "at" < $1', args: [now - EVENTS_KEPT_MS] }])
}
