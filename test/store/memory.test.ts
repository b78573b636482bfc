import { storeContract } from './contract.ts'
import { createMemoryStore } from './memory-store.ts'
import { reclaimContract } from './reclaim-contract.ts'

for (const contract of [storeContract, reclaimContract])
  contract('memory', async () => {
    const store = createMemoryStore()
    return { store, reopen: async () => store, close: () => store.close() }
  })
