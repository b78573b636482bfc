import { isFinal, type JobId, type JobStatus } from '../../protocol/ids.ts'
import type { Statement, Value } from './database.ts'
import type { PrismaClient } from './generated/sqlite/client.ts'
import type { Histories } from './histories.ts'
import { addExtent, type Extent } from './segments.ts'
import { replacing, upsert } from './upsert.ts'
import { squeeze, unsqueeze, wordsToBytes } from './words.ts'

/** Rows fetched at once. */
const PAGE = 2_000

/** How a job's segment becomes its next one, which has the needed outputs alone. */
export interface Rewrite {
  readonly job: JobId
  /** The one it is made from. */
  readonly segment: number
  readonly bytesBefore: number
  readonly bytes: number
  readonly outputs: number
  readonly extents: readonly Extent[]
  /** What the database must say once the next segment is the one. */
  readonly statements: readonly Statement[]
}

/** Null where there is nothing to write anew: the job is gone, or its outputs are. */
export async function planRewrite(prisma: PrismaClient, histories: Histories, job: JobId): Promise<Rewrite | null> {
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
      sql: 'UPDATE "Job" SET "segment" = $1, "outputBytes" = $2, "keptOutputs" = $3, "litter" = $4 WHERE "id" = $5',
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
