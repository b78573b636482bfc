import { parentPort } from 'node:worker_threads'
import '../../coordinator/store/worker.ts'

// The store's thread with a fault: it dies when asked to forget outputs.

parentPort?.on('message', ({ method }: { method: string }) => {
  if (method === 'forgetOutputs') process.exit(1)
})
