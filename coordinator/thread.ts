import { MessagePort, parentPort, Worker } from 'node:worker_threads'
import { built } from './place.ts'
import { type ErrorClass, pack, revive, type Thrown, tell, unpack } from './thread-value.ts'

export { leave, move } from './thread-value.ts'

// The one way to call a worker thread: its methods, as promises. What may be an argument or an answer stands in
// thread-value.ts: whatever can be cloned, and streams.

// biome-ignore lint/suspicious/noExplicitAny: methods take whatever their thread says they take
export type Methods = Readonly<Record<string, (...args: any[]) => unknown>>

export interface Thread<M extends Methods> {
  /** Rejects with what the method threw, or with an error that says that the thread ended. */
  readonly call: { readonly [K in keyof M]: (...args: Parameters<M[K]>) => Promise<Awaited<ReturnType<M[K]>>> }
  /** Calls without an answer yet. */
  readonly waiting: number
  /** False before the first call and after the thread died; the next call starts it. */
  readonly running: boolean
  close(): Promise<void>
}

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly thrown?: Thrown
}

/**
 * A thread that is started by the first call, and again by the next one after it died.
 * @param script one of build/ or a path, which calls {@link serve}
 */
export function openThread<M extends Methods>(
  script: string,
  options: { readonly name: string; readonly workerData?: unknown; readonly errors?: readonly ErrorClass[] },
): Thread<M> {
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>()
  let worker: Worker | null = null
  let last = 0

  function end(because: Error): Worker | null {
    const ending = worker
    worker = null
    for (const { reject } of pending.values()) reject(because)
    pending.clear()
    return ending
  }

  function start(): Worker {
    const started = new Worker(script.includes('/') ? script : built(script), options)
    started.on('message', ({ id, value, thrown }: Answer) => {
      const call = pending.get(id)
      pending.delete(id)
      if (thrown) call?.reject(revive(thrown, options.errors))
      else call?.resolve(unpack(value, options.errors))
    })
    started.on('error', (error: Error) => worker === started && end(error))
    started.on('exit', () => worker === started && end(new Error(`The ${options.name} thread ended.`)))
    return started
  }

  function call(method: string, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      worker ??= start()
      const id = ++last
      // What a stream among the arguments throws is the caller's own error, and comes back as it is.
      const own: unknown[] = []
      const packed = args.map((arg) => pack(arg, { failed: (error) => own.push(error) }))
      worker.postMessage(
        { id, method, args: packed.map(({ value }) => value) },
        packed.flatMap(({ transfer }) => transfer),
      )
      // Sent: what cannot be cloned has rejected by now, and nobody answers it.
      pending.set(id, { resolve, reject: (error) => reject(own.length > 0 ? own[0] : error) })
    })
  }

  return {
    call: new Proxy({} as Thread<M>['call'], {
      get:
        (_, method) =>
        (...args: unknown[]) =>
          call(String(method), args),
    }),
    get waiting() {
      return pending.size
    },
    get running() {
      return worker !== null
    },
    async close() {
      await end(new Error('The pool is stopping.'))?.terminate()
    },
  }
}

/** In the thread: answers every call with the method of its name. */
export function serve(methods: Methods): void {
  const port = parentPort!
  port.on('message', async ({ id, method, args }: { id: number; method: string; args: readonly unknown[] }) => {
    // Streams that the method did not read to their end are left.
    const leave = () => {
      for (const arg of args) if (arg instanceof MessagePort) arg.close()
    }
    try {
      const answer = methods[method]!(...args.map((arg) => unpack(arg)))
      // Without a promise the answer leaves at once: a turn of the loop is a tenth of a small call.
      const { value, transfer } = pack(answer instanceof Promise ? await answer : answer, { ended: leave })
      port.postMessage({ id, value }, transfer)
      if (!(value instanceof MessagePort)) leave()
    } catch (error) {
      port.postMessage({ id, thrown: tell(error) })
      leave()
    }
  })
}
