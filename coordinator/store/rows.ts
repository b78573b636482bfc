import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import type { Change } from '../pool/effects.ts'
import type { AloneFailure } from '../pool/job.ts'
import { bytesToWords, type Packed, type PackedChange, type PackedJob, type PackedKept, unsqueeze } from './core.ts'
import type { PrismaClient } from './generated/sqlite/client.ts'
import type { JobRecord } from './port.ts'
import { jobSpec } from './records.ts'
import type { Decision, KeptRun, Place } from './runs.ts'

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

interface RunRow {
  readonly seq: number
  readonly from: number
  readonly to: number
  readonly deviceId: string
  readonly volunteerId: string
  readonly state: string
  readonly offset: bigint | null
  readonly lengths: Uint8Array
}
interface DecisionRow {
  readonly jobId: string
  readonly seq: number
  readonly what: string
  readonly from: number
  readonly to: number
  readonly deviceId: string | null
  readonly detail: string
}

/** Two lists in order of `seq` as one. */
export function* bySeq<A extends { seq: number }, B extends { seq: number }>(as: readonly A[], bs: readonly B[]) {
  let b = 0
  for (const a of as) {
    while (b < bs.length && bs[b]!.seq < a.seq) yield bs[b++]!
    yield a
  }
  yield* bs.slice(b)
}

export function keptRunOf({ from, to, deviceId, volunteerId, state, offset, lengths }: RunRow): KeptRun<Place> {
  return {
    from,
    to,
    device: deviceId as DeviceId,
    volunteer: volunteerId as VolunteerId,
    state: state as KeptRun<Place>['state'],
    place: offset === null ? null : { offset: Number(offset), lengths: bytesToWords(lengths) },
  }
}

export function decisionOf(row: DecisionRow): Decision {
  const { from, to, detail } = row
  const job = row.jobId as JobId
  const device = row.deviceId as DeviceId
  switch (row.what) {
    case 'decided':
      return { type: 'tasksDecided', job, from, to, device, how: detail as 'agreed' | 'host' | 'unchecked' | 'trusted' }
    case 'validated':
      return { type: 'tasksValidated', job, from, to }
    case 'revoked':
      return { type: 'resultsRevoked', job, from, to, device, because: detail }
    default:
      throw new Error(`The database has a decision "${row.what}" that this release does not know`)
  }
}

type AttemptDetail = Pick<Extract<Change, { type: 'attemptCounted' }>, 'attempts' | 'message'> & {
  readonly alone?: readonly AloneFailure[]
  readonly devices?: readonly DeviceId[]
}

/** A row of the history as the pool knows it; null for what is not the pool's business. */
export function changeOf(row: DecisionRow): Exclude<PackedChange, { type: 'resultKept' }> | null {
  if (row.what === 'distrusted') return null
  if (row.what !== 'attempt') return decisionOf(row)
  const { attempts, message, devices, ...detail } = JSON.parse(row.detail) as AttemptDetail
  // Earlier releases kept only which devices it were: as far as anybody knows now, all of one person.
  const unknown = (devices ?? []).map((device) => ({ device, voter: '', network: '', times: 1 }))
  const alone = detail.alone ?? unknown
  return { type: 'attemptCounted', job: row.jobId as JobId, task: row.from, attempts, alone, message }
}
