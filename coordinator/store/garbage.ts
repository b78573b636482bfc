import type { JobId } from '../../protocol/ids.ts'
import { FINAL } from '../../protocol/ids.ts'
import type { Database, Statement } from './database.ts'
import type { Segments } from './segments.ts'
import { quote } from './upsert.ts'

/** Lines for the question "why?" that are kept: counted, as the host's clock cannot tell how old they are. */
const EVENTS_KEPT = 200_000

/**
 * Removes what marked jobs leave behind: outputs and what was known of each of them; of deleted jobs also results, decisions
 * and events. The mark goes last, so that a crash in between is made up for at the next start.
 */
export async function sweep({ prisma, transact }: Database, segments: Segments): Promise<void> {
  const where = { litter: true, hasOutputs: false }
  const marked = await prisma.job.findMany({ where, select: { id: true, deletedAt: true } })
  for (const { id, deletedAt } of marked) {
    await segments.remove(id as JobId)
    await transact(
      deletedAt === null ? [forgetFacts(id)] : ['Run', 'Decision', 'Event'].map((table) => deleteOf(table, id)),
    )
    await prisma.job.update({ where: { id }, data: { litter: false, outputBytes: 0, keptOutputs: 0 } })
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
