import { isFinal } from '../../protocol/ids.ts'
import type { JobProgress } from '../pool/job.ts'

// When a job's outputs are written anew without those that nobody needs any more: undecided ones that another took the lead
// from, revoked ones, and at the job's end all that were not accepted.

/** While a job goes on: more outputs than this per task. The needed ones are one per task, so that at least half can go. */
const OUTPUTS_PER_TASK = 2
/** Less than this is not worth a file. */
const LEAST_BYTES = 4 * 1024 * 1024
/** At the job's end: more than this share of what is needed. */
const SMALL_SHARE = 1 / 16

/** Whether a job that goes on has outputs enough that can go. @param after outputs left by the last rewriting */
export function isDue(outputs: number, bytes: number, taskCount: number, after: number): boolean {
  return outputs > Math.max(OUTPUTS_PER_TASK * taskCount, after + taskCount) && bytes > LEAST_BYTES
}

/** The job is over and something was kept that was not accepted. */
export function endsWithDead({ status, tasksDone }: JobProgress, outputs: number): boolean {
  return isFinal(status) && outputs > tasksDone
}

/** Writing gigabytes anew to win a few kilobytes would be no gain. */
export function isWorthIt(bytes: number, neededBytes: number): boolean {
  return bytes - neededBytes > neededBytes * SMALL_SHARE
}
