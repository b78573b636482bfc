import { Worker } from 'node:worker_threads'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { openThread, type Thread } from '../workers/compute/thread.ts'

/** What a worker needs to know to fetch kernels. */
export interface WorkerData {
  readonly origin: string
}

/** A thread of this process; `script` is the built worker. */
export function spawnThread(script: URL, data: WorkerData): Thread {
  const worker = new Worker(script, { workerData: data })
  let ended = false
  return openThread({
    endpoint: nodeEndpoint(worker),
    terminate() {
      ended = true
      void worker.terminate()
    },
    onDeath(listener) {
      worker.on('error', (error) => ended || listener(`The thread ended: ${error.message}`))
      worker.on('exit', (code) => ended || listener(`The thread ended with code ${code}.`))
    },
  })
}
