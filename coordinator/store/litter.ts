import type { JobId } from '../../protocol/ids.ts'
import type { PrismaClient } from './generated/sqlite/client.ts'
import type { Segments } from './segments.ts'

/** Lines for the question "why?" are kept this long. */
const EVENTS_KEPT_MS = 30 * 86_400_000

/**
 * Removes what marked jobs leave behind: their outputs, and of deleted ones also results, decisions and events. The mark goes
 * last, so that a crash in between is made up for at the next start.
 */
export async function sweep(prisma: PrismaClient, segments: Segments): Promise<void> {
  const marked = await prisma.job.findMany({ where: { litter: true }, select: { id: true, deletedAt: true } })
  for (const { id, deletedAt } of marked) {
    await segments.remove(id as JobId)
    if (deletedAt !== null) {
      await prisma.run.deleteMany({ where: { jobId: id } })
      await prisma.decision.deleteMany({ where: { jobId: id } })
      await prisma.event.deleteMany({ where: { jobId: id } })
    }
    await prisma.job.update({ where: { id }, data: { litter: false, outputBytes: 0 } })
  }
}

export async function pruneEvents(prisma: PrismaClient, now: number): Promise<void> {
  await prisma.event.deleteMany({ where: { at: { lt: BigInt(now - EVENTS_KEPT_MS) } } })
}
