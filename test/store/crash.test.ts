import { readdir, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { storeOver } from '../../coordinator/store/core.ts'
import { joinPair } from '../../coordinator/store/data-dir.ts'
import type { Database } from '../../coordinator/store/database.ts'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { createPrismaCore } from '../../coordinator/store/prisma-core.ts'
import { openSegments } from '../../coordinator/store/segments.ts'
import { openSqlite } from '../../coordinator/store/sqlite.ts'
import { batch, credit, deviceId, historyOf, jobId, NOON, newJob, outputTexts, progressOf, result } from './sample.ts'
import { scratchFolder } from './scratch.ts'

/** Where a commit can be cut short: with its outputs on disk and nothing else, or with everything but the answer. */
type CrashPoint = 'before the transaction' | 'after the transaction'

async function crashingStore(dataDir: string) {
  const database = await openSqlite(join(dataDir, 'pool.db'), async () => {})
  let crash: CrashPoint | null = null
  let of = ''
  const crashing: Database = {
    ...database,
    async transact(statements) {
      const point = statements.some(({ sql }) => sql.includes(of)) ? crash : null
      if (point !== null) crash = null
      if (point !== 'before the transaction') await database.transact(statements)
      if (point !== null) throw new Error(`Crashed ${point}`)
    },
  }
  const poolId = await joinPair(database, dataDir)
  const segments = await openSegments(dataDir)
  const store = storeOver(await createPrismaCore({ database: crashing, segments, dataDir, poolId }))
  return {
    store,
    /** @param part stands in a statement of the transaction that is meant */
    crashNext(point: CrashPoint, part = '') {
      crash = point
      of = part
    },
  }
}

const step = (task: number) =>
  batch([result(task, { outputs: [`output ${task}`] }), credit(3), progressOf(newJob('a'), { tasksDone: task + 1 })])

for (const [point, survives] of [
  ['before the transaction', false],
  ['after the transaction', true],
] as const) {
  test(`[S42] load() after a crash ${point} finds ${survives ? 'all' : 'nothing'} of the commit, however often it is asked`, async () => {
    const dataDir = await scratchFolder()
    const { store, crashNext } = await crashingStore(dataDir)
    await store.addJob(newJob('a'))
    await store.commit(step(0))
    crashNext(point)
    await expect(store.commit(step(1))).rejects.toThrow(/Crashed/)
    await expect(store.commit(step(1))).rejects.toThrow(/loaded again/)
    const done = survives ? 2 : 1
    for (let round = 0; round < 3; round++) {
      expect(await historyOf(store, 'a')).toHaveLength(done)
      expect((await store.load()).jobs[0]?.progress.tasksDone).toBe(done)
      expect(await store.contributions(jobId('a'))).toMatchObject([{ credit: 3 * done, tasks: done }])
    }
    await store.commit(step(done))
    const texts = Array.from({ length: done + 1 }, (_, task) => `output ${task}`)
    expect(await outputTexts(store, 'a', 0, done + 1)).toEqual(texts)
    expect((await stat(join(dataDir, 'outputs', 'a'))).size).toBe(texts.join('').length)
    await store.close()
  })
}

for (const [point, halved] of [
  ['before the transaction', false],
  ['before the transaction', true],
  ['after the transaction', false],
] as const) {
  test(`[S59] a crash ${point} that puts outputs written anew in place${halved ? ', which are half there,' : ''} loses none`, async () => {
    const dataDir = await scratchFolder()
    const files = () => readdir(join(dataDir, 'outputs'))
    const { store, crashNext } = await crashingStore(dataDir)
    const job = newJob('a', { taskCount: 2 })
    await store.addJob(job)
    await store.commit(
      batch([
        result(0, { outputs: ['a lie', 'another'] }),
        { type: 'resultsRevoked', job: job.id, from: 0, to: 2, device: deviceId('d'), because: 'It lied.' },
        result(0, { device: 'e', outputs: ['zero', 'one'] }),
      ]),
    )
    crashNext(point, '"segment"')
    await store.commit(batch([progressOf(job, { status: 'done', tasksDone: 2, finishedAt: NOON })]))
    await store.close()
    expect((await files()).sort()).toEqual(['a', 'a.1'])
    if (halved) await truncate(join(dataDir, 'outputs', 'a.1'), 3)
    const again = await openPrismaStore({ databaseUrl: null, dataDir })
    expect(await outputTexts(again, 'a')).toEqual(['zero', 'one'])
    await again.close()
    expect(await files()).toEqual(['a.1'])
    expect((await stat(join(dataDir, 'outputs', 'a.1'))).size).toBe('zeroone'.length)
    const last = await openPrismaStore({ databaseUrl: null, dataDir })
    expect(await outputTexts(last, 'a')).toEqual(['zero', 'one'])
    expect(await last.job(job.id)).toMatchObject({ outputBytes: 7 })
    await last.close()
  })
}

test('[S43] a coordinator that another one has overtaken commits nothing any more', async () => {
  const dataDir = await scratchFolder()
  const old = await openPrismaStore({ databaseUrl: null, dataDir })
  await old.addJob(newJob('a'))
  await old.commit(step(0))
  const young = await openPrismaStore({ databaseUrl: null, dataDir })
  await young.load()
  await expect(old.commit(step(1))).rejects.toMatchObject({
    sentence: expect.stringMatching(/Another pool has taken over/),
  })
  expect(await historyOf(young, 'a')).toHaveLength(1)
  await young.commit(step(1))
  expect(await outputTexts(young, 'a', 0, 2)).toEqual(['output 0', 'output 1'])
  await Promise.all([old.close(), young.close()])
})

test('[S44] a job whose outputs were removed by hand fails with a sentence; the others go on', async () => {
  const dataDir = await scratchFolder()
  const store = await openPrismaStore({ databaseUrl: null, dataDir })
  for (const name of ['a', 'b']) {
    await store.addJob(newJob(name))
    await store.commit(batch([result(0, { job: name, outputs: ['x'] }), progressOf(newJob(name))]))
  }
  await rm(join(dataDir, 'outputs', 'a'))
  expect((await store.load()).jobs.map(({ spec }) => spec.id)).toEqual(['b'])
  expect((await store.job(jobId('a')))?.progress).toMatchObject({
    status: 'failed',
    error: expect.stringMatching(/Run it again/),
  })
  await expect(outputTexts(store, 'a', 0, 1)).rejects.toThrow()
  await store.close()
})
