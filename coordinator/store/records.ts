import type { Trust } from '../../protocol/api.ts'
import type { DeviceKind } from '../../protocol/device.ts'
import type { DeviceId, JobId, JobStatus, VolunteerId } from '../../protocol/ids.ts'
import type { JobProgress, JobSpec, Reputation } from '../pool/job.ts'
import type { Device, Job, Reputation as ReputationRow, Volunteer } from './generated/sqlite/client.ts'
import type { DeviceRecord, JobRecord, NewJob, VolunteerRecord } from './port.ts'

// Rows as the database has them and records as the port speaks them.

export function jobRow(job: NewJob) {
  const { credit: _credit, pendingCredit: _pending, overhead: _overhead, ...progress } = newProgress(job)
  return {
    ...job,
    ...progress,
    params: JSON.stringify(job.params ?? null),
    trust: JSON.stringify(job.trust),
    createdAt: BigInt(job.createdAt),
    startedAt: null,
    finishedAt: null,
  }
}

export function jobRecord(row: Job): JobRecord {
  const id = row.id as JobId
  return {
    id,
    kind: row.kind,
    title: row.title,
    params: JSON.parse(row.params),
    kernelHash: row.kernelHash,
    taskCount: row.taskCount,
    priority: row.priority,
    trust: JSON.parse(row.trust) as Trust,
    devices: row.devices as JobRecord['devices'],
    submitter: row.submitter,
    createdAt: Number(row.createdAt),
    progress: {
      id,
      status: row.status as JobStatus,
      priority: row.priority,
      tasksDone: row.tasksDone,
      taskCount: row.taskCount,
      startedAt: numberOf(row.startedAt),
      finishedAt: numberOf(row.finishedAt),
      error: row.error,
      waiting: row.waiting,
      unchecked: row.unchecked,
      credit: Number(row.credit),
      pendingCredit: Number(row.pendingCredit),
      overhead: { expected: row.overheadExpected, measured: row.overheadMeasured },
      secondsLeft: row.secondsLeft,
    },
    outputBytes: Number(row.outputBytes),
    doubted: row.doubted,
    hasOutputs: row.hasOutputs,
  }
}

export function volunteerRow({ id, name, tokenHash, hidden, createdAt }: VolunteerRecord) {
  return { id, name, tokenHash, hidden, createdAt }
}

export function volunteerRecord(row: Volunteer): VolunteerRecord {
  return { ...row, id: row.id as VolunteerId, createdAt: Number(row.createdAt) }
}

export function deviceRow(device: DeviceRecord) {
  const { id, name, kind, tokenHash, threads, cores, platform, version, host, removed, createdAt, lastSeenAt } = device
  const volunteerId = device.volunteer
  return {
    id,
    volunteerId,
    name,
    kind,
    tokenHash,
    threads,
    cores,
    platform,
    version,
    host,
    removed,
    createdAt,
    lastSeenAt,
  }
}

export function deviceRecord(
  { volunteerId, ...row }: Device,
  reputation: ReputationRow | null | undefined,
): DeviceRecord {
  return {
    ...row,
    id: row.id as DeviceId,
    volunteer: volunteerId as VolunteerId,
    kind: row.kind as DeviceKind,
    createdAt: Number(row.createdAt),
    lastSeenAt: Number(row.lastSeenAt),
    reputation: reputation ? (JSON.parse(reputation.reputation) as Reputation) : null,
  }
}

function numberOf(value: bigint | null): number | null {
  return value === null ? null : Number(value)
}

/** What is known of a job the moment it is added. */
export function newProgress(job: NewJob): JobProgress {
  return {
    id: job.id,
    status: 'queued',
    priority: job.priority,
    tasksDone: 0,
    taskCount: job.taskCount,
    startedAt: null,
    finishedAt: null,
    error: null,
    waiting: null,
    unchecked: 0,
    credit: 0,
    pendingCredit: 0,
    overhead: { expected: 0, measured: 0 },
    secondsLeft: null,
  }
}

/** What the pool is told of a job. */
export function jobSpec(job: NewJob): JobSpec {
  const { id, kind, kernelHash, taskCount, priority, trust, devices, submitter, createdAt } = job
  return { id, kind, kernelHash, taskCount, priority, trust, devices, submitter, createdAt }
}

/** Lists are newest first; the cursor is the last item shown, so that new items never shift a page. */
export interface Listed {
  readonly id: string
  readonly createdAt: number
}

export function cursorAfter(item: Listed): string {
  return `${item.createdAt}.${item.id}`
}

/** Undefined for a cursor that this store did not make: the list then starts at its beginning. */
export function parseCursor(cursor: string | undefined): Listed | undefined {
  const match = /^(\d{1,16})\.([\w.~-]{1,200})$/.exec(cursor ?? '')
  return match === null ? undefined : { createdAt: Number(match[1]), id: match[2]! }
}

/** Prisma's condition for the rows after the cursor. */
export function olderThan(cursor: string | undefined) {
  const after = parseCursor(cursor)
  if (after === undefined) return {}
  const { createdAt, id } = after
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] }
}

/** Places in a ranking shift while people work, so its cursor is simply how many were shown. */
export function parseOffset(cursor: string | undefined): number {
  return /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0
}

/** One page of at most `limit` from `limit + 1` fetched items. */
export function pageOf<Item>(fetched: readonly Item[], limit: number, cursor: (last: Item) => string) {
  const items = fetched.slice(0, limit)
  const last = items.at(-1)
  return { items, next: fetched.length > limit && last !== undefined ? cursor(last) : null }
}
