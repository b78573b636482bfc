import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { StoreError } from '../../coordinator/store/port.ts'
import { batch, jobId, newJob, outputTexts, progressOf, result } from './sample.ts'
import { scratchFolder } from './scratch.ts'

/** Makes a database what the release before ids had left. */
export const WITHOUT_POOL_ID = `ALTER TABLE "Head" DROP COLUMN "poolId";
  DELETE FROM "_prisma_migrations" WHERE "migration_name" LIKE '%\\_pool\\_id' ESCAPE '\\'`

/** The rule of pairs on one kind of database, which stands apart from the data folder. */
export function pairContract(
  name: string,
  databases: {
    create(): Promise<string>
    /** Runs {@link WITHOUT_POOL_ID} on a database. */
    withoutId(url: string): Promise<void>
  },
): void {
  async function poolWithJobs(outputs: boolean) {
    const dataDir = await scratchFolder()
    const databaseUrl = await databases.create()
    const store = await openPrismaStore({ databaseUrl, dataDir })
    await store.addJob(newJob('a'))
    if (outputs) await store.commit(batch([result(0, { outputs: ['zero'] }), progressOf(newJob('a'))]))
    await store.close()
    return { dataDir, databaseUrl }
  }
  async function opens(options: { dataDir: string; databaseUrl: string }): Promise<string> {
    try {
      const store = await openPrismaStore(options)
      await store.load()
      const job = await store.job(jobId('a'))
      await store.close()
      return `${job?.progress.status}`
    } catch (error) {
      expect(error).toBeInstanceOf(StoreError)
      return (error as StoreError).sentence
    }
  }
  const missing = /is not the one that belongs to.*POOL_DATA_DIR/
  const foreign = /belongs to another database than.*DATABASE_URL/
  const twoPools = /of two different pools/

  test(`[S51] a pair that does not fit is refused and neither side changed: ${name}`, async () => {
    const [first, second] = [await poolWithJobs(true), await poolWithJobs(true)]
    const queued = await poolWithJobs(false)
    const empty = await scratchFolder()
    expect(await opens({ ...first, dataDir: second.dataDir })).toMatch(twoPools)
    expect(await opens({ ...first, dataDir: empty })).toMatch(missing)
    expect(await opens({ ...queued, dataDir: empty })).toMatch(missing)
    expect(await opens({ ...first, databaseUrl: await databases.create() })).toMatch(foreign)
    expect(await readdir(empty)).toEqual([])
    for (const pair of [first, second]) expect(await opens(pair)).toBe('running')
    expect(await opens(queued)).toBe('queued')
  })

  test(`[S51] a pair of an earlier release goes on where its outputs show that it belongs together: ${name}`, async () => {
    const [first, second, queued] = [await poolWithJobs(true), await poolWithJobs(true), await poolWithJobs(false)]
    for (const { dataDir, databaseUrl } of [first, second, queued]) {
      await databases.withoutId(databaseUrl)
      await rm(join(dataDir, 'pool-id'))
    }
    const [empty, foreignOutputs] = [await scratchFolder(), await scratchFolder()]
    await mkdir(join(foreignOutputs, 'outputs'))
    await writeFile(join(foreignOutputs, 'outputs', 'another-job'), 'x')
    expect(await opens({ ...first, dataDir: empty })).toMatch(missing)
    expect(await opens({ ...queued, dataDir: foreignOutputs })).toMatch(foreign)
    expect(await readdir(foreignOutputs)).toEqual(['outputs'])
    for (const pair of [first, second]) expect(await opens(pair)).toBe('running')
    expect(await opens(queued)).toBe('queued')
    expect(await opens({ ...first, dataDir: second.dataDir })).toMatch(twoPools)
  })

  test(`[S51] a first start that was cut off anywhere is finished by the next: ${name}`, async () => {
    const pair = await poolWithJobs(true)
    const idFile = join(pair.dataDir, 'pool-id')
    const id = await readFile(idFile, 'utf8')
    // The database has the id, the file not yet its name.
    await rename(idFile, `${idFile}.new`)
    expect(await opens(pair)).toBe('running')
    expect(await readFile(idFile, 'utf8')).toBe(id)
    // The file is begun, and the database knows nothing of it.
    await rename(idFile, `${idFile}.new`)
    await databases.withoutId(pair.databaseUrl)
    expect(await opens(pair)).toBe('running')
    expect(await readFile(idFile, 'utf8')).not.toBe('')
  })

  test(`[S52] a data folder away under a running pool fails no job: ${name}`, async () => {
    const dataDir = join(await scratchFolder(), 'mounted')
    const store = await openPrismaStore({ databaseUrl: await databases.create(), dataDir })
    await store.addJob(newJob('a'))
    await store.commit(batch([result(0, { outputs: ['zero'] }), progressOf(newJob('a'))]))
    await rename(dataDir, `${dataDir}-away`)
    await mkdir(join(dataDir, 'outputs'), { recursive: true })
    await expect(store.load()).rejects.toMatchObject({ sentence: expect.stringMatching(/Mount its disk again/) })
    await cp(`${dataDir}-away`, dataDir, { recursive: true })
    expect((await store.load()).jobs.map(({ spec }) => spec.id)).toEqual(['a'])
    expect(await outputTexts(store, 'a', 0, 1)).toEqual(['zero'])
    await store.close()
  })
}
