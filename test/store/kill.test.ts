import { spawn } from 'node:child_process'
import { appendFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { bundle } from './bundle.ts'
import { outputOf, RUNS_PER_COMMIT, TASKS_PER_RUN } from './committer.ts'
import { batch, deviceId, historyOf, jobId, NOON, outputTexts, volunteerId } from './sample.ts'
import { scratchFolder } from './scratch.ts'
import { outputOfRound, SUPERSEDED_TASKS } from './superseder.ts'

/** `npm run chaos` does many more; these show that the way back works at all. */
const KILLS = 10
const REWRITING_KILLS = 5

test('[S30] kill -9 while committing loses nothing acknowledged, halves nothing, and balances', async () => {
  const script = await bundle('test/store/committer.ts')
  const dataDir = await scratchFolder()
  let acknowledged = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const { found, kept } = await runAndKill(script, dataDir, 5 + 7 * kill)
    expect(found).toBeGreaterThanOrEqual(acknowledged)
    // At most one commit was under way.
    expect(found).toBeLessThanOrEqual(acknowledged + RUNS_PER_COMMIT * TASKS_PER_RUN)
    acknowledged = kept
    if (kill === KILLS / 2) await appendFile(join(dataDir, 'outputs', 'a'), 'half of an output that was being writ')
  }

  const store = await openPrismaStore({ databaseUrl: null, dataDir })
  const record = await store.job(jobId('a'))
  const done = record?.progress.tasksDone ?? 0
  expect(done).toBeGreaterThanOrEqual(acknowledged)
  let task = 0
  let bytes = 0
  for await (const output of store.outputs(jobId('a'), 0, done)) {
    expect(new TextDecoder().decode(output)).toBe(outputOf(task++))
    bytes += output.byteLength
  }
  expect(task).toBe(done)
  expect(record?.outputBytes).toBe(bytes)
  expect(await historyOf(store, 'a')).toHaveLength(done / TASKS_PER_RUN)
  const credit = 2 * done
  expect(await store.contributions(jobId('a'))).toMatchObject([{ credit, tasks: done }])
  expect(await store.volunteerTotals(volunteerId('v-d'))).toMatchObject({ credit, tasks: done })
  expect(await store.leaderboard({ by: 'device', days: 1, now: NOON, limit: 5 })).toMatchObject({ items: [] })
  await store.close()
})

/** Lets a committing process go on until it has acknowledged `commits` commits, then kills it in the middle of the next. */
function runAndKill(script: string, dataDir: string, commits: number): Promise<{ found: number; kept: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    let killed = false
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (!killed && text.split('kept').length > commits) killed = child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('close', () => {
      const numbers = (word: string) =>
        [...text.matchAll(new RegExp(`${word} (\\d+)\\n`, 'g'))].map((m) => Number(m[1]))
      if (killed) resolve({ found: numbers('found')[0] ?? 0, kept: numbers('kept').at(-1) ?? 0 })
      else reject(new Error(`The committing process ended by itself: ${text}`))
    })
  })
}

test('[S59] kill -9 while outputs are written anew leaves the old or the new ones, never half', async () => {
  const script = await bundle('test/store/superseder.ts')
  const dataDir = await scratchFolder()
  const one = SUPERSEDED_TASKS * outputOfRound(0).length
  // Two outputs a task, or 4 MiB where that is more, and the commit that was one too many.
  const most = Math.max(2 * one, 4 * 1024 * 1024) + one
  for (let kill = 0; kill < REWRITING_KILLS; kill++) {
    const { kept } = await runAndKill(script, dataDir, 3 + 2 * kill)
    const files = await readdir(join(dataDir, 'outputs'))
    expect(files.length).toBeLessThanOrEqual(2)
    const store = await openPrismaStore({ databaseUrl: null, dataDir })
    const round = await lastRound(store)
    expect(round).toBeGreaterThanOrEqual(kept)
    expect(round).toBeLessThanOrEqual(kept + 1)
    const device = deviceId(`round-${round}`)
    const range = { job: jobId('a'), from: 0, to: SUPERSEDED_TASKS }
    await store.commit(batch([{ type: 'tasksDecided', ...range, device, how: 'trusted' }]))
    const texts = await outputTexts(store, 'a')
    expect(texts.length).toBe(SUPERSEDED_TASKS)
    for (const text of texts) expect(text === outputOfRound(round)).toBe(true)
    await store.close()
    const left = await readdir(join(dataDir, 'outputs'))
    expect(left.length).toBe(1)
    expect((await stat(join(dataDir, 'outputs', left[0]!))).size).toBeLessThanOrEqual(most)
  }
}, 120_000)

async function lastRound(store: Awaited<ReturnType<typeof openPrismaStore>>): Promise<number> {
  let last = -1
  for (const change of (await store.load()).jobs[0]?.history ?? [])
    if (change.type === 'resultKept') last = Number(change.device.slice('round-'.length))
  return last
}
