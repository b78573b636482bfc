import type { JobStatus } from './api.ts'

// Beside api.ts and not in it: pages use this, and need none of the schemas there.

/** A job in one of these states stays in it. */
export const FINAL: JobStatus[] = ['done', 'failed', 'cancelled']

export function isFinal(status: JobStatus): boolean {
  return FINAL.includes(status)
}
