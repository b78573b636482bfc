import { built } from '../disk.ts'
import { storeOver } from './core.ts'
import type { StoreOptions } from './open-prisma.ts'
import type { Store } from './port.ts'
import { openRemoteCore } from './remote-core.ts'

/**
 * The store of a running pool, in a worker thread behind its port. Rejects with StoreError when the database or the data
 * folder cannot be used. The caller holds the data folder's lock (lock-data-dir.ts).
 */
export async function openStore(options: StoreOptions, script: string = built('store-worker.mjs')): Promise<Store> {
  return storeOver(await openRemoteCore(script, options))
}
