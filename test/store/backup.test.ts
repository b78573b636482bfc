import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@libsql/client/sqlite3'
import { expect, test } from 'vitest'
import { restore, saveCopy } from '../../coordinator/store/backup.ts'
import { openStore } from '../../coordinator/store/core.ts'
import { lockDataDir } from '../../coordinator/store/data-dir.ts'
import { migrate, readMigrations } from '../../coordinator/store/database.ts'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { bundle } from './bundle.ts'
import { batch, credit, historyOf, jobId, newJob, outputTexts, progressOf, result } from './sample.ts'
import { scratchFolder } from './scratch.ts'

test('[S38] a backup made while the pool commits is one moment of it, and goes on after a restore', async () => {
  const folder = await scratchFolder()
  const dataDir = join(folder, 'data')
  const lock = await lockDataDir(dataDir)
  const store = await openStore({ databaseUrl: null, dataDir }, await bundle('coordinator/store/worker.ts'))
  await writeFile(join(dataDir, 'admin-key'), 'secret', { mode: 0o600 })
  const job = newJob('a', { taskCount: 100_000 })
  await store.addJob(job)
  let kept = 0
  let stop = false
  const committing = (async () => {
    while (!stop) {
      const changes = [
        result(kept, { outputs: [`output ${kept}`] }),
        credit(3),
        progressOf(job, { tasksDone: kept + 1 }),
      ]
      await store.commit(batch(changes))
      kept++
    }
  })()
  for (let round = 0; round < 3; round++) {
    const before = kept
    const target = join(folder, `backup-${round}`)
    await saveCopy(dataDir, target)
    const after = kept
    const restored = join(folder, `restored-${round}`)
    expect(await restore(target, restored)).toBeNull()
    const copy = await openPrismaStore({ databaseUrl: null, dataDir: restored })
    const done = (await copy.job(job.id))?.progress.tasksDone ?? 0
    expect(done).toBeGreaterThanOrEqual(before)
    expect(done).toBeLessThanOrEqual(after + 1)
    expect(await historyOf(copy, 'a')).toHaveLength(done)
    await copy.commit(batch([result(done, { outputs: ['the next one'] }), credit(3)]))
    const texts = Array.from({ length: done }, (_, i) => `output ${i}`)
    expect(await outputTexts(copy, 'a', 0, done + 1)).toEqual([...texts, 'the next one'])
    expect(await copy.contributions(job.id)).toMatchObject([{ credit: 3 * (done + 1) }])
    expect(await readFile(join(restored, 'admin-key'), 'utf8')).toBe('secret')
    expect((await stat(join(restored, 'admin-key'))).mode & 0o777).toBe(0o600)
    await copy.close()
  }
  stop = true
  await committing
  await expect(saveCopy(dataDir, join(folder, 'backup-0'))).rejects.toThrow(/is not empty/)
  await expect(restore(join(folder, 'backup-0'), dataDir)).rejects.toThrow(/in use by another pool/)
  await store.close()
  await lock.release()
  const aside = await restore(join(folder, 'backup-0'), dataDir)
  expect(await readdir(aside!)).toEqual(expect.arrayContaining(['pool.db', 'outputs', 'admin-key']))
  expect((await readdir(dataDir)).sort()).toEqual(
    ['admin-key', 'lock', 'outputs', 'pool-id', 'pool.db', aside!.split('/').at(-1)].sort(),
  )
})

test('[S38] the last release’s folder can be saved before this one starts on it, also where outputs are missing', async () => {
  const folder = await scratchFolder()
  const dataDir = join(folder, 'data')
  await mkdir(dataDir)
  const client = createClient({ url: `file:${join(dataDir, 'pool.db')}` })
  const before = (await readMigrations('sqlite')).filter(({ name }) => !name.endsWith('_plain_words'))
  const script = (sql: string) => client.executeMultiple(`BEGIN; ${sql}; COMMIT`)
  await migrate({ provider: 'sqlite', query: async (sql) => (await client.execute(sql)).rows, script }, before)
  await script(`INSERT INTO "Job" ("id", "kind", "title", "params", "kernelHash", "taskCount", "trust", "devices", "submitter",
    "createdAt", "status", "priority", "tasksDone", "finishedAt", "outputBytes", "hasOutputs") VALUES
    ('a', 'squares', 'Squares', '{}', 'k1', 1, '"normal"', 'all', 'admin', 1, 'done', 0, 1, 2, 4, true)`)
  client.close()
  await saveCopy(dataDir, join(folder, 'backup'))
  await restore(join(folder, 'backup'), join(folder, 'restored'))
  const copy = await openPrismaStore({ databaseUrl: null, dataDir: join(folder, 'restored') })
  expect(await copy.job(jobId('a'))).toMatchObject({ progress: { status: 'done' } })
  await copy.close()
})

test('[S39] jobs deleted or forgotten leave no trace in a later backup', async () => {
  const folder = await scratchFolder()
  const dataDir = join(folder, 'data')
  const store = await openPrismaStore({ databaseUrl: null, dataDir })
  for (const name of ['a', 'b']) {
    await store.addJob(newJob(name))
    await store.commit(batch([result(0, { job: name, outputs: ['x'] })]))
  }
  await store.commit(batch([progressOf(newJob('b'), { status: 'done', finishedAt: 1 })]))
  await store.deleteJob(jobId('a'))
  await store.forgetOutputs({ ranMs: 0, keptMs: 0 })
  await saveCopy(dataDir, join(folder, 'backup'))
  expect(await readdir(join(folder, 'backup', 'outputs'))).toEqual([])
  await store.close()
})

test('[S40] the commands say what they did, and what is wrong in one sentence', async () => {
  const folder = await scratchFolder()
  const dataDir = join(folder, 'data')
  const script = await bundle('coordinator/store/command.ts')
  const run = (command: 'backup' | 'restore', args: string[], env = {}) => {
    const options = { encoding: 'utf8' as const, env: { ...process.env, POOL_DATA_DIR: dataDir, ...env } }
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, command, ...args], options)
    return `${status} ${stdout}${stderr}`
  }
  expect(run('backup', [])).toMatch(/^1 npm run backup -- <new folder>/)
  expect(run('backup', [join(folder, 'b')])).toMatch(/^1 There is no pool in the data folder/)
  await (await openPrismaStore({ databaseUrl: null, dataDir })).close()
  expect(run('backup', [join(folder, 'b')])).toMatch(/^0 Saved 0\.\d MB to .*keep keys\.\n$/)
  expect(run('backup', [join(folder, 'c')], { DATABASE_URL: 'postgresql://x' })).toMatch(/^1 These commands.*pg_dump/)
  expect(run('restore', [folder])).toMatch(/^1 .* is no backup of a pool/)
  expect(run('restore', [join(folder, 'b')])).toMatch(/^0 Restored .* What was there before is in .*npm start\.\n$/)
})
