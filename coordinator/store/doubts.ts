import type { DeviceId, JobId } from '../../protocol/ids.ts'
import type { PrismaClient } from './generated/sqlite/client.ts'
import { applyTo, type Histories } from './histories.ts'
import type { PackedBatch } from './pack.ts'
import type { Doubt, Happened } from './plan.ts'

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
