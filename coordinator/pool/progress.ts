import { AUDIT_EVERY } from './audit.ts'
import type { DeviceProgress, JobProgress } from './job.ts'
import type { Device, Job } from './job-state.ts'
import { reputationOf } from './reputation.ts'
import { canWork, type PoolState } from './state.ts'

export function progressOf(job: Job): JobProgress {
  const { spec } = job
  return {
    id: spec.id,
    status: job.status,
    priority: job.priority,
    tasksDone: job.decided,
    taskCount: spec.taskCount,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
    error: job.error,
    waiting: job.waiting,
    unchecked: job.unchecked,
    credit: job.credit,
    pendingCredit: job.pendingCredit,
    overhead: { expected: expectedOverhead(job), measured: measuredOverhead(job) },
    secondsLeft: secondsLeft(job),
  }
}

/** Results beyond one per task that the trust rule asks for, as a share of tasks. */
function expectedOverhead(job: Job): number {
  return job.spec.trust === 'normal' ? 1 / AUDIT_EVERY : job.agree - 1
}

function measuredOverhead(job: Job): number {
  const touched = job.decided + job.undecided
  return touched === 0 ? 0 : Math.max(0, job.results / touched - 1)
}

function secondsLeft(job: Job): number | null {
  if (job.status !== 'running' || !job.pace) return null
  return (job.spec.taskCount - job.decided) / job.pace
}

/** Once a second: how fast tasks are decided lately. */
export function measurePace(state: PoolState, job: Job): void {
  const seconds = (state.clock.now - job.paceAt) / 1000
  if (seconds < 0.9) return
  const recent = Math.max(0, job.decided - job.paceDecided) / seconds
  job.paceAt = state.clock.now
  job.paceDecided = job.decided
  // Forgets half of the past in about three seconds.
  job.pace = job.pace === null ? recent || null : job.pace * 0.8 + recent * 0.2
}

export function deviceProgress(state: PoolState, device: Device): DeviceProgress {
  const known = device.rates.size > 0 && state.medianPace > 0
  return {
    id: device.id,
    volunteer: device.volunteer,
    threads: device.threads,
    leases: device.leases.size,
    pendingCredit: device.pendingCredit,
    state: !canWork(device) ? 'paused' : device.leases.size > 0 ? 'working' : 'idle',
    speed: known ? device.pace / state.medianPace : 0,
    reputation: reputationOf(device),
  }
}

export function medianPace(devices: Iterable<Device>): number {
  const paces: number[] = []
  for (const device of devices) if (device.connected && device.rates.size > 0) paces.push(device.pace)
  paces.sort((a, b) => a - b)
  return paces[paces.length >> 1] ?? 0
}
