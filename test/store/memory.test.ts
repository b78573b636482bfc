import { createMemoryStore } from '../../coordinator/store/memory.ts'
import { storeContract } from './contract.ts'

storeContract('memory', async () => {
  const store = createMemoryStore()
  return { store, reopen: async () => store, close: () => store.close() }
})
