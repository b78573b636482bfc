import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { batch, credit, NOON, newJob, progressOf, result } from './sample.ts'

// A process that commits as fast as it can and says on stdout what was acknowledged, until it is killed.
// node committer.mjs <dataDir>

export const TASKS_PER_RUN = 7
export const RUNS_PER_COMMIT = 3

/** What task `index` of a job gives, different in length and content. */
export function outputOf(index: number): string {
  return createHash('sha256')
    .update(String(index))
    .digest('hex')
    .slice(0, index % 64)
}

export async function commitForEver(dataDir: string, say: (line: string) => void): Promise<never> {
  const store = await openPrismaStore({ databaseUrl: null, dataDir })
  const job = newJob('a', { taskCount: 1_000_000 })
  if ((await store.job(job.id)) === undefined) await store.addJob(job)
  const { jobs } = await store.load()
  let next = 0
  for (const change of jobs[0]?.history ?? []) if (change.type === 'resultKept') next = Math.max(next, change.to)
  say(`found ${next}`)
  for (;;) {
    const parts = Array.from({ length: RUNS_PER_COMMIT }, (_, run) => {
      const from = next + run * TASKS_PER_RUN
      return result(from, { outputs: Array.from({ length: TASKS_PER_RUN }, (_, i) => outputOf(from + i)), price: 2 })
    })
    next += RUNS_PER_COMMIT * TASKS_PER_RUN
    const tasks = RUNS_PER_COMMIT * TASKS_PER_RUN
    await store.commit(batch([...parts, credit(2 * tasks, { tasks }), progressOf(job, { tasksDone: next })], NOON))
    say(`kept ${next}`)
  }
}

if (process.argv[2] !== undefined) await commitForEver(process.argv[2], (line) => writeSync(1, `${line}\n`))
