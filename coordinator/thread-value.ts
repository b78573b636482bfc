import { MessageChannel, MessagePort, type Transferable } from 'node:worker_threads'

// What passes between threads: values that can be cloned, and streams (async iterables). A stream is read no faster than
// it is used at the other end; whoever leaves it early ends it at both.

export type ErrorClass = abstract new (...args: never[]) => Error
/** An error as plain data: its name, its message and its own fields. */
export type Thrown = { readonly name: string; readonly message: string }
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

export function pack(value: unknown, told: StreamEnd = {}): PackedValue {
  if (typeof value !== 'object' || value === null) return { value, transfer: [] }
  if (!(Symbol.asyncIterator in value)) return { value, transfer: moves.get(value) ?? [] }
  const { port1, port2 } = new MessageChannel()
  void send(value as AsyncIterable<unknown>, port1, told)
  return { value: port2, transfer: [port2] }
}

const ports = new WeakMap<object, MessagePort>()

/** @param errors classes that errors of a stream become again, by name */
export function unpack(value: unknown, errors?: readonly ErrorClass[]): unknown {
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
      if (part === undefined) throw new Error('The other end of this stream ended before its last part.')
      if ('end' in part) return
      if ('thrown' in part) throw revive(part.thrown, errors)
      yield part.item
      port.postMessage(null)
    }
  } finally {
    port.close()
  }
}

export function tell(error: unknown): Thrown {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  // Its own fields, as plain data: a cause may be anything.
  const fields = Object.entries(error).map(([name, value]) => [name, typeof value === 'object' ? String(value) : value])
  return { ...Object.fromEntries(fields), name: error.name, message: error.message }
}

export function revive(thrown: Thrown, errors: readonly ErrorClass[] = []): Error {
  const { name, message, ...fields } = thrown
  const type = errors.find((one) => one.name === name) ?? Error
  return Object.assign(Object.create(type.prototype), new Error(message), { name, message, ...fields })
}
