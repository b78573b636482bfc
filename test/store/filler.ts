import { execFileSync } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { StoreError } from '../../coordinator/store/port.ts'
import { batch, credit, historyOf, jobId, newJob, outputTexts, progressOf, result, volunteerId } from './sample.ts'

// A process on a very small disk: commits until nothing fits any more, looks around, frees some space and goes on.
// node filler.mjs <dataDir> [limited]; `limited`: the disk is a limit on files, which can be raised. Prints what it saw as JSON.

export interface Seen {
  /** Commits acknowledged before the disk was full. */
  readonly kept: number
  readonly sentence: string
  /** Outputs that could be read while it was full. */
  readonly readWhileFull: number
  readonly refusedWithoutLoad: boolean
  /** Kept results that load() found once there was space again. */
  readonly found: number
  readonly done: number
  readonly credit: number
  readonly outputsRight: boolean
}

const outputOf = (task: number) => `${task} `.repeat(20_000)

async function fill(dataDir: string, limited: boolean): Promise<Seen> {
  const ballast = join(dataDir, 'ballast')
  const store = await openPrismaStore({ databaseUrl: null, dataDir })
  await writeFile(ballast, new Uint8Array(3 * 1024 * 1024))
  const job = newJob('a', { taskCount: 1_000 })
  await store.addJob(job)
  const commit = (task: number) =>
    store.commit(
      batch([result(task, { outputs: [outputOf(task)] }), credit(3), progressOf(job, { tasksDone: task + 1 })]),
    )
  let kept = 0
  let trouble: unknown
  while (trouble === undefined) {
    trouble = await commit(kept).then(
      () => void kept++,
      (error) => error,
    )
  }
  const readWhileFull = (await outputTexts(store, 'a', 0, kept)).length
  const again = await commit(kept).catch((error) => error)
  await rm(ballast)
  if (limited) execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited'])
  const found = (await historyOf(store, 'a')).length
  let done = found
  while (done < found + 5) await commit(done++)
  const texts = await outputTexts(store, 'a', 0, done)
  const seen = {
    ...{ kept, sentence: trouble instanceof StoreError ? trouble.sentence : String(trouble), readWhileFull },
    ...{ refusedWithoutLoad: again instanceof StoreError, found, done },
    credit: (await store.volunteerTotals(volunteerId('v-d'))).credit,
    outputsRight: texts.every((text, task) => text === outputOf(task)),
  }
  await store.deleteJob(jobId('a'))
  await store.close()
  return seen
}

const [dataDir, limited] = process.argv.slice(2)
if (dataDir !== undefined) process.stdout.write(JSON.stringify(await fill(dataDir, limited !== undefined)))
