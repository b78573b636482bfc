import type { DeviceView, JobView } from '../../protocol/api.ts'
import { isFinal } from '../../protocol/ids.ts'
import type { Connection } from '../devices/connection.ts'
import { ANONYMOUS } from '../devices/identity.ts'
import type { DeviceProgress, JobProgress } from '../pool/job.ts'
import type { DeviceRecord, JobRecord, VolunteerRecord } from '../store/port.ts'

// From what the store and the pool know to the shapes of /api/v1.

/**
 * @param now what is durable: a job is done when a power cut cannot undo it
 * @param live the pool's word, for what is only said and never kept
 */
export function jobView(
  record: JobRecord,
  now: JobProgress,
  live: JobProgress | undefined,
  waiting: string | null,
): JobView {
  const sentence = waiting ?? (live ?? now).waiting
  const secondsLeft = (live ?? now).secondsLeft
  return {
    id: record.id,
    kind: record.kind,
    title: record.title,
    params: record.params,
    status: now.status,
    priority: now.priority,
    trust: record.trust,
    devices: record.devices,
    taskCount: record.taskCount,
    tasksDone: now.tasksDone,
    createdAt: time(record.createdAt),
    ...(now.startedAt === null ? {} : { startedAt: time(now.startedAt) }),
    ...(now.finishedAt === null ? {} : { finishedAt: time(now.finishedAt) }),
    ...(now.error === null ? {} : { error: now.error }),
    ...(sentence === null || isFinal(now.status) ? {} : { waiting: sentence }),
    ...(now.unchecked > 0 ? { unchecked: now.unchecked } : {}),
    ...(record.doubted > 0 ? { doubted: record.doubted } : {}),
    credit: now.credit,
    pendingCredit: now.pendingCredit,
    overhead: now.overhead,
    ...(secondsLeft === null || isFinal(now.status) ? {} : { secondsLeft }),
    outputBytes: record.outputBytes,
  }
}

export function deviceView(
  record: DeviceRecord,
  volunteer: VolunteerRecord | undefined,
  here: Connection | undefined,
  live: DeviceProgress | undefined,
): DeviceView {
  const temperature = here?.state?.temperatureC
  const reputation = live?.reputation ?? record.reputation
  return {
    id: record.id,
    volunteer: { id: record.volunteer, name: volunteer?.name || ANONYMOUS },
    hidden: volunteer?.hidden ?? false,
    name: record.name,
    kind: record.kind,
    threads: here?.threads ?? record.threads,
    speed: live?.speed ?? 0,
    state: stateOf(record, here, live, reputation?.pausedBecause ?? null),
    lastSeen: time(here ? Date.now() : record.lastSeenAt),
    version: record.version,
    platform: record.platform,
    host: here?.host ?? record.host,
    busyThreads: live ? Math.min(live.leases, live.threads) : 0,
    ...(temperature === undefined ? {} : { temperatureC: temperature }),
  }
}

function stateOf(
  record: DeviceRecord,
  here: Connection | undefined,
  live: DeviceProgress | undefined,
  pausedBecause: string | null,
): DeviceView['state'] {
  if (record.removed) return 'removed'
  if (pausedBecause !== null) return 'paused'
  if (!here) return 'away'
  return here.working ? (live?.state ?? 'idle') : 'paused'
}

/** Of a pass: what one core of a laptop scans while it reads from its disk. */
const PASS_BYTES_PER_SECOND = 400e6

/** How long the pass takes that a job begins with; nothing where there is nothing to read. */
export function passOf(bytes: number): { readonly passSeconds?: number } {
  return bytes > 0 ? { passSeconds: bytes / PASS_BYTES_PER_SECOND } : {}
}

export function time(ms: number): string {
  return new Date(ms).toISOString()
}
