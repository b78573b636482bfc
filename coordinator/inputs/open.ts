import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { AnyKind } from '../../jobs/define.ts'
import { built } from '../place.ts'
import { sendBody } from './body-port.ts'
import { indexesOf } from './indexer.ts'
import type { FilesAnswer, FilesPlace, FilesRequest, FilesStop } from './messages.ts'
import {
  type Attending,
  type FileIndex,
  FileProblem,
  type Files,
  type Glance,
  type Kept,
  type Preview,
} from './port.ts'
import { openFiles } from './store.ts'

interface Waiting {
  resolve(value: never): void
  reject(error: Error): void
  progress?(bytes: number, of: number): void
}

export interface OpenFiles extends Files {
  close(): Promise<void>
}

/** Files of a folder: whatever reads a whole one runs in a thread of its own, started when it is needed first. */
export async function openFilesApart(place: FilesPlace, kinds: readonly AnyKind[]): Promise<OpenFiles> {
  const { kindsScript: _, ...here } = place
  const files = await openFiles({ ...here, indexes: indexesOf(kinds), first: true })
  const pending = new Map<number, Waiting>()
  let worker: Worker | null = null
  let last = 0
  let closed = false

  function start(): Worker {
    const started = new Worker(built('files-worker.mjs'), { workerData: place, name: 'files' })
    const died = (error: Error) => {
      if (worker !== started) return
      worker = null
      for (const { reject } of pending.values()) reject(error)
      pending.clear()
    }
    started.on('message', ({ id, answer }: { id: number; answer: FilesAnswer }) => {
      const waiter = pending.get(id)
      if (answer.type === 'progress') return waiter?.progress?.(answer.bytes, answer.of)
      pending.delete(id)
      if (answer.type === 'value') waiter?.resolve(answer.value as never)
      else if (answer.type === 'problem') waiter?.reject(new FileProblem(answer.reason, answer.message))
      else waiter?.reject(new Error(answer.message))
    })
    started.on('error', died)
    started.on('exit', () => died(new Error('The thread for files ended')))
    return started
  }

  function ask<Value>(request: FilesRequest, move: MessagePort[] = [], attending: Attending = {}): Promise<Value> {
    if (closed) return Promise.reject(new Error('The pool is stopping'))
    worker ??= start()
    const id = ++last
    const { signal, progress } = attending
    const stop = () => worker?.postMessage({ id, request: { type: 'stop' } satisfies FilesStop })
    return new Promise<Value>((resolve, reject) => {
      pending.set(id, { resolve, reject, ...(progress ? { progress } : {}) })
      worker?.postMessage({ id, request }, move)
      signal?.addEventListener('abort', stop)
      if (signal?.aborted) stop()
    }).finally(() => signal?.removeEventListener('abort', stop))
  }

  return {
    ...files,
    async put(body, { name, bytes }) {
      const { port1, port2 } = new MessageChannel()
      const sending = sendBody(body, port1)
      try {
        // Whatever goes wrong on the way is told by the thread, which has cleared away what it had.
        return await ask<Kept>({ type: 'put', name, bytes, body: port2 }, [port2])
      } finally {
        port1.close()
        // The rest of the body is its owner's again.
        await sending
      }
    },
    take: (path, name, attending) => ask<Kept>({ type: 'take', path, name }, [], attending),
    adopt: (path, attending) => ask<Kept>({ type: 'adopt', path }, [], attending),
    index: (id, params, kind) => ask<FileIndex>({ type: 'index', id, params, kind }),
    glance: (id, params, kind) => ask<Glance>({ type: 'glance', id, params, kind }),
    preview: (id, params, kind) => ask<Preview>({ type: 'preview', id, params, kind }),
    async close() {
      closed = true
      const ending = worker
      worker = null
      for (const { reject } of pending.values()) reject(new Error('The pool is stopping'))
      pending.clear()
      await ending?.terminate()
    },
  }
}
