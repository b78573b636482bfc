import type { Trust } from '../../protocol/api.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { Device, Job } from './job-state.ts'
import { sipHashFamily } from './random.ts'

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

/** What `strict` promises: at most this expected share of wrong accepted outputs. */
const STRICT_MAX_WRONG = 0.01
/** Beyond this many agreeing volunteers the bound asked for cannot be met by asking more people. */
const MOST = 64

/**
 * Expected share of wrong accepted outputs when the first `quorum` agreeing results decide and a share `colluding` of
 * independent volunteers agrees on the same wrong one: Σ over k < q of C(q−1+k, k) · f^q · (1−f)^k.
 */
export function wrongShare(quorum: number, colluding: number): number {
  let sum = 0
  let choose = 1
  for (let k = 0; k < quorum; k++) {
    if (k > 0) choose *= (quorum - 1 + k) / k
    sum += choose * colluding ** quorum * (1 - colluding) ** k
  }
  return sum
}

/** How many independent volunteers must agree before a result of this trust is accepted. */
export function quorumOf(trust: Trust, colluding: number): number {
  if (trust === 'fast' || trust === 'normal') return 1
  const bound = trust === 'strict' ? STRICT_MAX_WRONG : trust.maxWrong
  let quorum = 1
  while (quorum < MOST && wrongShare(quorum, colluding) > bound) quorum++
  return quorum
}
