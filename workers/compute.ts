import type { Endpoint } from 'comlink'
import type { Kernel } from '../jobs/define.ts'
import { createComputer } from './compute/computer.ts'
import { serveThread } from './compute/thread.ts'

// A browser's compute worker: one per thread.

serveThread(globalThis as unknown as Endpoint, (report) =>
  createComputer({
    report,
    now: () => performance.now(),
    async load(url) {
      const module: { kernel: Kernel } = await import(/* webpackIgnore: true */ url)
      return module.kernel
    },
  }),
)
