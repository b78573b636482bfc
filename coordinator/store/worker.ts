import { parentPort, type Transferable, workerData } from 'node:worker_threads'
import type { Chunk, PackedJob } from './core.ts'
import { type Answer, OPENED, type Question, tell } from './messages.ts'
import { openCore, type StoreOptions } from './open-prisma.ts'

// The store's own thread: a slow card's fsync stalls this one only. Scripts/build-server.mjs makes it a bundle.

if (parentPort === null) throw new Error('This script runs as a worker thread')
const port = parentPort
const streams = new Map<number, AsyncIterator<Chunk>>()

const core = await openCore(workerData as StoreOptions).catch((error) => {
  post({ id: OPENED, type: 'error', error: tell(error) })
})
if (core !== undefined) {
  port.on('message', (question: Question) => {
    answer(question).then(
      (value) => post({ id: question.id, type: 'value', value }, buffersOf(question, value)),
      (error) => post({ id: question.id, type: 'error', error: tell(error) }),
    )
  })
  post({ id: OPENED, type: 'value', value: null })
}

function post(message: Answer, transfer: readonly Transferable[] = []): void {
  port.postMessage(message, transfer)
}

async function answer(question: Question): Promise<unknown> {
  if (core === undefined) return null
  switch (question.ask) {
    case 'call':
      return (core[question.method] as (...args: readonly unknown[]) => Promise<unknown>)(...question.args)
    case 'open':
      streams.set(question.id, core.outputs(...question.args)[Symbol.asyncIterator]())
      return question.id
    case 'next': {
      const next = await streams.get(question.stream)?.next()
      return next?.value ?? null
    }
    case 'end': {
      const stream = streams.get(question.stream)
      streams.delete(question.stream)
      await stream?.return?.()
      return null
    }
  }
}

/** What is handed over instead of copied. */
function buffersOf(question: Question, value: unknown): Transferable[] {
  if (question.ask === 'call' && question.method === 'load')
    return (value as readonly PackedJob[]).map(({ history }) => history.words.buffer)
  if (question.ask !== 'next' || value === null) return []
  const { bytes, lengths } = value as Chunk
  return [bytes.buffer, lengths.buffer]
}
