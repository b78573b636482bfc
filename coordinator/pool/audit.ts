import type { JobId } from '../../protocol/ids.ts'
import type { Device, Job } from './job-state.ts'
import { sipHashFamily } from './siphash.ts'

/** One task in so many is computed again by somebody else. */
export const AUDIT_EVERY = 30
/** A newcomer's first leases are computed twice entirely. */
export const NEWCOMER_LEASES = 2

/** The draw of a job's tasks: nobody without the key can foresee it, and a restart repeats it. */
export function auditOf(key: Uint8Array, job: JobId): (task: number) => boolean {
  const name = Uint8Array.from(job, (letter) => letter.charCodeAt(0))
  const hash = sipHashFamily(key, name)
  const below = 2 ** 32 / AUDIT_EVERY
  return (task) => hash(task) < below
}

export function isNewcomer(device: Device): boolean {
  return !device.host && device.reputation.checkedLeases < NEWCOMER_LEASES
}

/** Whether a first result of this device must wait for others before it counts. */
export function mustWait(job: Job, device: Device): boolean {
  if (job.spec.trust === 'fast' || device.host) return false
  return job.spec.trust === 'normal' ? isNewcomer(device) : job.agree > 1
}
