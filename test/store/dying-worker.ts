import { parentPort } from 'node:worker_threads'
import '../../coordinator/store/worker.ts'
import type { Question } from '../../coordinator/store/messages.ts'

// The store's thread with a fault: it dies when asked to forget outputs.

parentPort?.on('message', (question: Question) => {
  if (question.ask === 'call' && question.method === 'forgetOutputs') process.exit(1)
})
