import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client/sqlite3'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { storeContract } from './contract.ts'
import { pairContract, WITHOUT_POOL_ID } from './pair.ts'
import { reclaimContract } from './reclaim-contract.ts'
import { scratchFolder } from './scratch.ts'

async function open() {
  const dataDir = await mkdtemp(join(tmpdir(), 'poolparty-store-'))
  let store = await openPrismaStore({ databaseUrl: null, dataDir })
  return {
    store,
    async reopen() {
      await store.close()
      store = await openPrismaStore({ databaseUrl: null, dataDir })
      return store
    },
    async close() {
      await store.close()
      await rm(dataDir, { recursive: true })
    },
  }
}

storeContract('SQLite', open)
reclaimContract('SQLite', open)

pairContract('SQLite', {
  create: async () => `file:${await scratchFolder()}/pool.db`,
  async withoutId(url) {
    const client = createClient({ url })
    await client.executeMultiple(WITHOUT_POOL_ID)
    client.close()
  },
})
