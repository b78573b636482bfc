import { workerData } from 'node:worker_threads'
import { serve } from '../thread.ts'
import type { Core, StoreMethods, StoreOptions } from './core.ts'
import { openCore } from './open-prisma.ts'

// The store's own thread: a slow card's fsync stalls this one only. Scripts/build-server.mjs makes it a bundle.

serve(
  await openCore(workerData as StoreOptions).then(methodsOf, (error) => ({
    open() {
      throw error
    },
  })),
)

function methodsOf(core: Core): StoreMethods {
  return { ...core, open: () => Object.keys(core) as (keyof Core)[] }
}
