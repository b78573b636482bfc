import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { StoreError } from '../../coordinator/store/port.ts'
import { storeContract } from './contract.ts'
import { pairContract, WITHOUT_POOL_ID } from './pair.ts'
import { postgresPrograms, startPostgres } from './postgres-server.ts'
import { startProxy } from './proxy.ts'
import { reclaimContract } from './reclaim-contract.ts'
import { batch, credit, historyOf, newJob, outputTexts, result } from './sample.ts'
import { scratchFolder } from './scratch.ts'

const programs = await postgresPrograms()
if (programs === undefined) test('PostgreSQL is not installed here, so its contract was not run', () => {})
else onPostgres(programs)

function onPostgres(programs: string) {
  const starting = startPostgres(programs)
  afterAll(async () => (await starting).stop())

  async function open() {
    const dataDir = await mkdtemp(join(tmpdir(), 'poolparty-store-'))
    const databaseUrl = await (await starting).createDatabase()
    let store = await openPrismaStore({ databaseUrl, dataDir })
    return {
      store,
      async reopen() {
        await store.close()
        store = await openPrismaStore({ databaseUrl, dataDir })
        return store
      },
      async close() {
        await store.close()
        await rm(dataDir, { recursive: true })
      },
    }
  }

  storeContract('PostgreSQL', open)
  reclaimContract('PostgreSQL', open)

  pairContract('PostgreSQL', {
    create: async () => (await starting).createDatabase(),
    async withoutId(url) {
      const client = new pg.Client(url)
      await client.connect()
      await client.query(WITHOUT_POOL_ID)
      await client.end()
    },
  })

  describe('PostgreSQL', () => {
    test('[S25] a second pool on the same database is refused while the first one runs', async () => {
      const databaseUrl = await (await starting).createDatabase()
      const first = await openPrismaStore({ databaseUrl, dataDir: await scratchFolder() })
      const second = openPrismaStore({ databaseUrl, dataDir: await scratchFolder() })
      await expect(second).rejects.toMatchObject({ sentence: expect.stringMatching(/Another pool is running/) })
      await first.close()
      const third = await openPrismaStore({ databaseUrl, dataDir: await scratchFolder() })
      await third.close()
    })

    test('[S26] after the server broke every connection a commit fails whole, and load() goes on', async () => {
      const server = await starting
      const store = await openPrismaStore({
        databaseUrl: await server.createDatabase(),
        dataDir: await scratchFolder(),
      })
      await store.addJob(newJob('a'))
      await store.commit(batch([result(0, { outputs: ['zero'] }), credit(3)]))
      await server.disconnectAll()
      const lost = batch([result(1, { outputs: ['one'] }), credit(4)])
      const outcome = await store.commit(lost).catch((error) => error)
      // The pool of connections may have noticed in time; then the commit simply worked.
      if (outcome !== undefined) {
        expect(outcome).toBeInstanceOf(StoreError)
        await expect(store.commit(lost)).rejects.toThrow(/loaded again/)
        expect(await historyOf(store, 'a')).toHaveLength(1)
        await store.commit(lost)
      }
      expect(await outputTexts(store, 'a', 0, 2)).toEqual(['zero', 'one'])
      expect(await store.contributions(newJob('a').id)).toMatchObject([{ credit: 7 }])
      await store.close()
    })

    test('[S28] a COMMIT whose answer is lost is found by load(), and never counted twice', async () => {
      const databaseUrl = await (await starting).createDatabase()
      const proxy = await startProxy(Number(new URL(databaseUrl).port))
      const throughProxy = databaseUrl.replace(/:\d+\//, `:${proxy.port}/`)
      const store = await openPrismaStore({ databaseUrl: throughProxy, dataDir: await scratchFolder() })
      await store.addJob(newJob('a'))
      await store.commit(batch([result(0, { outputs: ['zero'] }), credit(3)]))
      proxy.cutAtNextCommit()
      const ambiguous = batch([result(1, { outputs: ['one'] }), credit(4)])
      await expect(store.commit(ambiguous)).rejects.toThrow(StoreError)
      expect(await historyOf(store, 'a')).toHaveLength(2)
      await store.commit(batch([result(2, { outputs: ['two'] }), credit(5)]))
      expect(await outputTexts(store, 'a', 0, 3)).toEqual(['zero', 'one', 'two'])
      expect(await store.contributions(newJob('a').id)).toMatchObject([{ credit: 12 }])
      await store.close()
      await proxy.close()
    })

    test('[S27] a server that cannot be reached or has no such database is a sentence', async () => {
      const dataDir = await scratchFolder()
      const databaseUrl = (await (await starting).createDatabase()).replace(/pool\d+$/, 'none')
      const sentenceOf = (url: string) =>
        openPrismaStore({ databaseUrl: url, dataDir }).then(
          () => 'opened',
          (error) => error.sentence,
        )
      expect(await sentenceOf(databaseUrl)).toMatch(/has no database of the name/)
      expect(await sentenceOf('postgresql://pool@127.0.0.1:1/pool')).toMatch(/cannot be reached/)
    })
  })
}
