import type { Trust } from '../../protocol/api.ts'
import type { DeviceKind } from '../../protocol/device.ts'
import type { DeviceId, JobId, JobStatus, VolunteerId } from '../../protocol/ids.ts'
import type { Reputation } from '../pool/job.ts'
import type { Device, Job, Standing as StandingRow, Volunteer } from './generated/sqlite/client.ts'
import { newProgress } from './new-progress.ts'
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
  reputation: StandingRow | null | undefined,
): DeviceRecord {
  return {
    ...row,
    id: row.id as DeviceId,
    volunteer: volunteerId as VolunteerId,
    kind: row.kind as DeviceKind,
    createdAt: Number(row.createdAt),
    lastSeenAt: Number(row.lastSeenAt),
    reputation: reputation ? (JSON.parse(reputation.standing) as Reputation) : null,
  }
}

function numberOf(value: bigint | null): number | null {
  return value === null ? null : Number(value)
}
