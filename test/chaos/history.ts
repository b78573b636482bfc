import type { ContributionView, JobView } from '../../protocol/api.ts'
import { straightLoop } from '../gateway/counting.ts'
import type { RunningPool } from '../gateway/harness.ts'
import type { Witness } from './witness.ts'

/** What a finished job's history shows, in counts that must be zero. */
export interface Findings {
  /** Acknowledged to the witness and yet not in its contributions. */
  readonly lost: number
  /** In the witness's contributions and never sent by it. */
  readonly unexpected: number
  /** Credit beyond one price per task and counted result. */
  readonly doubled: number
  /** Bytes of the result that are not the straight loop's. */
  readonly wrongBytes: number
  /** Tasks without an accepted output in a job that says it is done. */
  readonly missing: number
}

/** Compares what the witness was told with what the pool says after everything. Trivial tasks have price 1. */
export async function checkHistory(pool: RunningPool, id: string, witness: Witness): Promise<Findings> {
  const job = (await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView
  const { items } = (await (await pool.call('GET', `/jobs/${id}/contributions`)).json()) as {
    items: ContributionView[]
  }
  const raw = new Uint8Array(await (await pool.call('GET', `/jobs/${id}/result?format=raw`)).arrayBuffer())
  const expected = straightLoop(job.taskCount)
  let wrongBytes = Math.abs(raw.length - expected.length)
  for (let i = 0; i < Math.min(raw.length, expected.length); i++) if (raw[i] !== expected[i]) wrongBytes++

  const mine = items.filter(({ device }) => device.id === witness.device).reduce((sum, { tasks }) => sum + tasks, 0)
  const acknowledged = witness.acknowledged.get(id)?.size ?? 0
  const sent = witness.sent.get(id)?.size ?? 0
  const credit = items.reduce((sum, item) => sum + item.credit, 0)
  const tasks = items.reduce((sum, item) => sum + item.tasks, 0)
  return {
    lost: Math.max(0, acknowledged - mine),
    unexpected: Math.max(0, mine - sent),
    doubled: Math.abs(credit - tasks) + Math.abs(credit - job.credit),
    wrongBytes,
    missing: job.taskCount - job.tasksDone,
  }
}

export const clean = (findings: Findings) => Object.values(findings).every((count) => count === 0)
