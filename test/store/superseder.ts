import { writeSync } from 'node:fs'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { batch, deviceId, jobId, newJob, result } from './sample.ts'

// A process whose every result takes the place of the one before, so that a job's outputs are written anew again and again,
// until it is killed. node superseder.mjs <dataDir>

export const SUPERSEDED_TASKS = 4

/** What round `number` gives for each task. */
export function outputOfRound(number: number): string {
  return `${number} `.repeat(200_000 / `${number} `.length)
}

async function supersedeForEver(dataDir: string, say: (line: string) => void): Promise<never> {
  const store = await openPrismaStore({ databaseUrl: null, dataDir })
  const job = newJob('a', { taskCount: SUPERSEDED_TASKS })
  if ((await store.job(job.id)) === undefined) await store.addJob(job)
  const { jobs } = await store.load()
  let round = 0
  for (const change of jobs[0]?.history ?? [])
    if (change.type === 'resultKept') round = Number(change.device.slice('round-'.length)) + 1
  for (; ; round++) {
    const outputs = Array.from({ length: SUPERSEDED_TASKS }, () => outputOfRound(round))
    const last = deviceId(`round-${round - 1}`)
    await store.commit(
      batch([
        {
          ...{ type: 'resultsRevoked', job: jobId('a'), from: 0, to: SUPERSEDED_TASKS, device: last },
          because: 'It lied.',
        },
        result(0, { device: `round-${round}`, state: 'pending', outputs }),
      ]),
    )
    say(`kept ${round}`)
  }
}

if (process.argv[2] !== undefined) await supersedeForEver(process.argv[2], (line) => writeSync(1, `${line}\n`))
