import { createMemoryStore } from '../../coordinator/store/memory.ts'
import { storeContract } from './contract.ts'
import { reclaimContract } from './reclaim-contract.ts'

for (const contract of [storeContract, reclaimContract])
  contract('memory', async () => {
    const store = createMemoryStore()
    return { store, reopen: async () => store, close: () => store.close() }
  })
