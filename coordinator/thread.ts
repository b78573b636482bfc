import { MessageChannel, MessagePort, parentPort, type Transferable, Worker } from 'node:worker_threads'
import { built } from './disk.ts'

// The one way to call a worker thread: its methods, as promises. Arguments and answers are whatever can be cloned, and
// streams (async iterables). A stream is read no faster than it is used at the other end; whoever leaves it early ends it
// at both.

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

type ErrorClass = abstract new (...args: never[]) => Error
/** An error as plain data: its name, its message, where and why it was thrown, and its own fields. */
interface Thrown {
  readonly name: string
  readonly message: string
  readonly stack?: string | undefined
  readonly cause?: string
}
/** The other end of a stream is gone: its thread died, or was ended. */
export class StreamEnded extends Error {}

type Part = { readonly item: unknown } | { readonly end: true } | { readonly thrown: Thrown }

/** Parts of a stream under way: enough to keep both ends busy, little memory. */
const WINDOW = 8
const moves = new WeakMap<object, Transferable[]>()

/** Marks what is handed over instead of copied where this value is an argument, an answer or a part of a stream. */
export function move<T extends object>(value: T, transfer: Transferable[]): T {
  moves.set(value, transfer)
  return value
}

interface PackedValue {
  readonly value: unknown
  readonly transfer: Transferable[]
}

/** What whoever hands a stream over may want to hear of it. */
interface StreamEnd {
  failed?(error: unknown): unknown
  ended?(): unknown
}

function pack(value: unknown, told: StreamEnd = {}): PackedValue {
  if (typeof value !== 'object' || value === null) return { value, transfer: [] }
  if (!(Symbol.asyncIterator in value)) return { value, transfer: moves.get(value) ?? [] }
  const { port1, port2 } = new MessageChannel()
  void send(value as AsyncIterable<unknown>, port1, told)
  return { value: port2, transfer: [port2] }
}

const ports = new WeakMap<object, MessagePort>()

/** @param errors classes that errors of a stream become again, by name */
function unpack(value: unknown, errors?: readonly ErrorClass[]): unknown {
  if (!(value instanceof MessagePort)) return value
  const stream = receive(value, errors)
  ports.set(stream, value)
  return stream
}

/** Ends a stream that came from another thread at both ends, also while a read of it waits or before the first one. */
export function leave(stream: AsyncIterable<unknown>): void {
  ports.get(stream)?.close()
}

async function send(stream: AsyncIterable<unknown>, port: MessagePort, told: StreamEnd): Promise<void> {
  let wanted = 0
  let left = false
  let wake: () => void = () => {}
  port.on('message', () => {
    wanted++
    wake()
  })
  port.on('close', () => {
    left = true
    wake()
  })
  const post = (part: Part, transfer: Transferable[] = []) => port.postMessage(part, transfer)
  try {
    for await (const item of stream) {
      while (wanted === 0 && !left)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      if (left) return
      wanted--
      // Bytes are copied: a view would take all the memory behind it along.
      const own = item instanceof Uint8Array && !moves.has(item) ? new Uint8Array(item) : item
      post({ item: own }, own === item ? pack(item).transfer : [(own as Uint8Array<ArrayBuffer>).buffer])
    }
    post({ end: true })
  } catch (error) {
    told.failed?.(error)
    post({ thrown: tell(error) })
  } finally {
    told.ended?.()
  }
}

async function* receive(port: MessagePort, errors?: readonly ErrorClass[]): AsyncGenerator<unknown, void> {
  const arrived: Part[] = []
  let closed = false
  let wake: () => void = () => {}
  port.on('message', (part: Part) => {
    arrived.push(part)
    wake()
  })
  port.on('close', () => {
    closed = true
    wake()
  })
  try {
    for (let i = 0; i < WINDOW; i++) port.postMessage(null)
    for (;;) {
      while (arrived.length === 0 && !closed)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      const part = arrived.shift()
      if (part === undefined) throw new StreamEnded('The other end of this stream ended before its last part.')
      if ('end' in part) return
      if ('thrown' in part) throw revive(part.thrown, errors)
      yield part.item
      port.postMessage(null)
    }
  } finally {
    port.close()
  }
}

function tell(error: unknown): Thrown {
  if (!(error instanceof Error)) return { name: 'Error', message: String(plain(error)) }
  // Its own fields, as plain data: a cause may be anything.
  const fields = Object.entries(error).map(([name, value]) => [name, plain(value)])
  const { name, message, stack, cause } = error
  const because = cause === undefined || cause === null ? {} : { cause: String(plain(cause)) }
  return { ...Object.fromEntries(fields), name, message, stack, ...because }
}

/** What certainly can be sent: an error that cannot be told would end the thread. */
function plain(value: unknown): unknown {
  if (value === null || !['object', 'function', 'symbol'].includes(typeof value)) return value
  try {
    return String(value)
  } catch {
    return 'unknown'
  }
}

function revive(thrown: Thrown, errors: readonly ErrorClass[] = []): Error {
  const { name, message, stack, cause, ...fields } = thrown
  const type = errors.find((one) => one.name === name) ?? Error
  const error = Object.assign(Object.create(type.prototype), { name, ...fields })
  for (const [key, value] of Object.entries({ message, stack, cause }))
    if (value !== undefined) Object.defineProperty(error, key, { value, configurable: true, writable: true })
  return error
}
