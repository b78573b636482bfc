import type { Lease } from './job-state.ts'
import { deadlineMs } from './leases.ts'
import { msPerTask } from './speed.ts'
import type { PoolState } from './state.ts'

// How old a lease may get, whatever its device says of it: progress costs a liar nothing.

/** Times the expected time: a duty of a tenth takes ten times as long, and a warm phone longer still. */
const KNOWN = 16
/** Of a device whose speed in this kind is not known: it may be as slow as any. */
const STRANGER = 64
/** Whatever is expected, a lease may get as old as this; a second lease of the same tasks need not. */
const AT_LEAST_MS = 600_000
const AT_LEAST_AGAIN_MS = 60_000
/** However slow a device has shown itself to be. */
const AT_MOST_MS = 3_600_000

export function oldestMs(state: PoolState, { job, device, claims, partner, why }: Lease): number {
  const count = claims.to - claims.from
  const again = why === 'again' && partner !== null
  const each = msPerTask(state, job, device)
  // Nothing is known of the job yet.
  if (each === null) return again ? AT_LEAST_MS : AT_MOST_MS
  const slow = (device.rates.has(job.spec.kind) ? KNOWN : STRANGER) * each * count
  const fair = Math.min(Math.max(slow, again ? AT_LEAST_AGAIN_MS : AT_LEAST_MS), AT_MOST_MS)
  return Math.max(fair, deadlineMs(state, job, device, count))
}
