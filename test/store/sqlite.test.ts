import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { storeContract } from './contract.ts'

storeContract('SQLite', async () => {
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
})
