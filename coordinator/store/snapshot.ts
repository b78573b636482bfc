import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import type { PackedJob } from './core.ts'
import type { PrismaClient } from './generated/sqlite/client.ts'
import { bySeq, changeOf } from './histories.ts'
import { jobSpec } from './new-progress.ts'
import type { Packed, PackedChange, PackedKept } from './pack.ts'
import type { JobRecord } from './port.ts'
import { bytesToWords, unsqueeze } from './words.ts'

/** Rows fetched at once; a row of a thousand tasks has 12 kB of numbers. */
const PAGE = 1_000

/** A job that is not final with all that was decided about it, as its pool will want to hear it again. */
export async function packJob(prisma: PrismaClient, record: JobRecord, length: number): Promise<PackedJob> {
  const changes: PackedChange[] = []
  const numbers: Uint32Array[] = []
  let words = 0
  for (let start = 0; start < length; start += PAGE) {
    const where = { jobId: record.id, seq: { gte: start, lt: start + PAGE } }
    const orderBy = { seq: 'asc' } as const
    const [runs, decisions] = await Promise.all([
      prisma.run.findMany({ where, orderBy, omit: { lengths: true, offset: true } }),
      prisma.decision.findMany({ where, orderBy }),
    ])
    for (const row of bySeq(runs, decisions)) {
      if ('what' in row) {
        const change = changeOf(row)
        if (change !== null) changes.push(change)
        continue
      }
      const { from, to } = row
      changes.push({
        type: 'resultKept',
        job: row.jobId as JobId,
        from,
        to,
        device: row.deviceId as DeviceId,
        volunteer: row.volunteerId as VolunteerId,
        state: row.state as PackedKept['state'],
        words,
        bytes: null,
      })
      numbers.push(unsqueeze(bytesToWords(row.prices), to - from), bytesToWords(row.digests))
      words += 3 * (to - from)
    }
  }
  return { spec: jobSpec(record), progress: record.progress, history: { changes, words: joined(numbers, words) } }
}

function joined(pieces: readonly Uint32Array[], length: number): Packed['words'] {
  const all = new Uint32Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
