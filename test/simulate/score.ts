import type { JobProgress } from '../../coordinator/pool/job.ts'
import type { JobBook } from './book.ts'
import { isTrue } from './truth.ts'
import type { SimJob } from './workload.ts'

/** What came of a simulated world. */
export interface Score {
  /** Finished jobs by trust; `unchecked` are tasks the admin took as they were. */
  readonly done: Record<string, TrustScore>
  failed: number
  cancelled: number
  /** Jobs that did not come to their end although every misfortune had ended. */
  stuck: number
  /** Jobs with a task no device survives, and those of them that ended done. */
  poisoned: number
  poisonedDone: number
  restarts: number
  events: number
  /** Credit of all ledger lines, and how far it is from what the rules say was earned. */
  credit: number
  creditImbalance: number
  virtualMs: number
}

export interface TrustScore {
  jobs: number
  tasks: number
  wrong: number
  unchecked: number
  /** Results kept, replicas included. */
  results: number
}

export function score(): Score {
  return {
    done: {},
    failed: 0,
    cancelled: 0,
    stuck: 0,
    poisoned: 0,
    poisonedDone: 0,
    restarts: 0,
    events: 0,
    credit: 0,
    creditImbalance: 0,
    virtualMs: 0,
  }
}

/** A job is over. */
export function count(into: Score, progress: Pick<JobProgress, 'status'>, record: JobBook, job: SimJob): void {
  into.creditImbalance += Math.abs(record.ledger - record.earned)
  into.credit += record.ledger
  if (job.poison >= 0) into.poisoned++
  if (progress.status === 'failed') into.failed++
  if (progress.status === 'cancelled') into.cancelled++
  if (progress.status !== 'done') return
  if (job.poison >= 0) into.poisonedDone++
  const { trust } = job.spec
  const name = typeof trust === 'string' ? trust : `maxWrong ${trust.maxWrong}`
  const sum = into.done[name] ?? { jobs: 0, tasks: 0, wrong: 0, unchecked: 0, results: 0 }
  into.done[name] = sum
  sum.jobs++
  for (const [task, { decider, results, how }] of record.tasks) {
    const deciding = decider === null ? undefined : results.get(decider)
    sum.tasks++
    sum.results += results.size
    if (how === 'unchecked') sum.unchecked++
    else if (deciding && !isTrue(job.number, task, deciding.high, deciding.low)) sum.wrong++
  }
}
