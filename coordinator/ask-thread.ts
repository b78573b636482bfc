import { Worker } from 'node:worker_threads'
import { built } from './place.ts'

/** One worker thread that answers requests; started at the first one, started again after it died. */
export interface Thread<Request extends { readonly type: string }, Answers extends Record<Request['type'], unknown>> {
  ask<R extends Request>(request: R, transfer?: readonly unknown[]): Promise<Answers[R['type']]>
  /** Requests without an answer yet. */
  readonly waiting: number
  close(): Promise<void>
}

/** @param script one of build/, which answers every `{ id, request }` with `{ id, value }` or `{ id, error }` */
export function openThread<Request extends { readonly type: string }, Answers extends Record<Request['type'], unknown>>(
  script: string,
  name: string,
  workerData?: unknown,
): Thread<Request, Answers> {
  const pending = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  let worker: Worker | null = null
  let last = 0

  const start = (): Worker => {
    const started = new Worker(built(script), { workerData, name })
    const died = (error: Error) => {
      if (worker !== started) return
      worker = null
      for (const { reject } of pending.values()) reject(error)
      pending.clear()
    }
    started.on('message', ({ id, value, error }: { id: number; value: never; error?: string }) => {
      const waiter = pending.get(id)
      pending.delete(id)
      if (error === undefined) waiter?.resolve(value)
      else waiter?.reject(new Error(error))
    })
    started.on('error', died)
    started.on('exit', () => died(new Error(`The ${name} thread ended`)))
    return started
  }

  return {
    ask(request, transfer = []) {
      worker ??= start()
      const id = ++last
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject })
        worker?.postMessage({ id, request }, transfer as ArrayBuffer[])
      })
    },
    get waiting() {
      return pending.size
    },
    async close() {
      const ending = worker
      worker = null
      for (const { reject } of pending.values()) reject(new Error('The pool is stopping'))
      pending.clear()
      await ending?.terminate()
    },
  }
}
