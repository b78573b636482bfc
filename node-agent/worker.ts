import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import type { Kernel } from '../jobs/define.ts'
import { createComputer, type InputFile } from '../workers/compute/computer.ts'
import { serveThread } from '../workers/compute/thread.ts'
import { fetchBytes } from './ask.ts'
import type { WorkerData } from './machine.ts'

// The agent's compute worker: one per thread. Kernels come from the pool and are imported from memory.

const { origin } = workerData as WorkerData

async function load(path: string, hash: string): Promise<Kernel> {
  const script = Buffer.from(await fetchBytes(new URL(path, origin)))
  if (!createHash('sha256').update(script).digest('hex').startsWith(hash))
    throw new Error(`${path} is not what its name says.`)
  const module: { kernel?: Kernel } = await import(`data:text/javascript;base64,${script.toString('base64')}`)
  if (!module.kernel) throw new Error(`${path} has no kernel.`)
  return module.kernel
}

function open(path: string): InputFile {
  const file = openSync(path, 'r')
  return {
    read(into, start) {
      for (let at = 0; at < into.length; ) {
        const got = readSync(file, into, at, into.length - at, start + at)
        if (got === 0) throw new Error('The file is shorter than it was.')
        at += got
      }
    },
    close: () => closeSync(file),
  }
}

const now = () => performance.now()
serveThread(nodeEndpoint(parentPort!), (report) => createComputer({ report, load, open, now }))
