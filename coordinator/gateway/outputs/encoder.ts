import { MessageChannel } from 'node:worker_threads'
import type { Form } from '../../../jobs/define.ts'
import type { FromEncoder, JobFacts, Packed, ToEncoder } from './messages.ts'
import { pack } from './pack.ts'
import type { Thread } from './thread.ts'

/** Outputs are moved to the encoder in packs of about this size, whatever their own size is. */
const PACK_BYTES = 256 * 1024
const PACK_OUTPUTS = 4096

export interface Encoded {
  readonly body: AsyncIterable<Uint8Array>
  /** Nobody reads on: frees the encoder and the outputs, also while a read waits or before the first one. */
  close(): void
}

/** A result encoded in a worker thread, read at the reader's pace; memory stays bounded on both sides. */
export function encoded(thread: Thread, facts: JobFacts, format: Form, outputs: AsyncIterable<Uint8Array>): Encoded {
  const leave = new AbortController()
  return { body: encode(thread, { facts, format, outputs, left: leave.signal }), close: () => leave.abort() }
}

interface Wish {
  readonly facts: JobFacts
  readonly format: Form
  readonly outputs: AsyncIterable<Uint8Array>
  readonly left: AbortSignal
}

async function* encode(thread: Thread, { facts, format, outputs, left }: Wish): AsyncGenerator<Uint8Array> {
  left.throwIfAborted()
  const { port1: port, port2 } = new MessageChannel()
  const arrived: FromEncoder[] = []
  let failed: Error | null = null
  let wake: () => void = () => {}
  const packs = packed(outputs)
  const say = (message: ToEncoder, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
  /** One pack for each time the encoder asks, in order. */
  let feeding = Promise.resolve()
  const feed = async () => {
    const next = await packs.next()
    if (next.done) say({ type: 'end' })
    else say({ type: 'outputs', packed: next.value }, [next.value.bytes])
  }
  port.on('message', (data: FromEncoder) => {
    if (data.type === 'more') {
      feeding = feeding.then(feed).catch((error: Error) => say({ type: 'failed', message: error.message }))
      return
    }
    arrived.push(data)
    wake()
  })
  const end = () => {
    port.close()
    // Behind a pack that is being read; what fails in closing is of no use to anybody.
    packs.return(undefined).catch(() => {})
  }
  const fail = (error: Error) => {
    failed ??= error
    wake()
  }
  // A generator that is not asked again would never come to its end: whoever leaves ends the work here.
  const onLeft = () => {
    fail(left.reason)
    end()
  }
  left.addEventListener('abort', onLeft)
  try {
    // Answered when the encoder is through with it; rejected when its thread died.
    thread.ask({ type: 'encode', facts, format, port: port2 }, [port2]).catch(fail)
    for (;;) {
      const message = arrived.shift()
      if (message === undefined) {
        if (failed) throw failed
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      if (message.type === 'done') return
      if (message.type === 'failed') throw new Error(message.message)
      if (message.type !== 'chunk') continue
      yield message.bytes
      say({ type: 'next' })
    }
  } finally {
    left.removeEventListener('abort', onLeft)
    end()
  }
}

async function* packed(outputs: AsyncIterable<Uint8Array>): AsyncGenerator<Packed, undefined> {
  let some: Uint8Array[] = []
  let bytes = 0
  for await (const output of outputs) {
    some.push(output)
    bytes += output.length
    if (bytes < PACK_BYTES && some.length < PACK_OUTPUTS) continue
    yield pack(some)
    some = []
    bytes = 0
  }
  if (some.length > 0) yield pack(some)
  return undefined
}
