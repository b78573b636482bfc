import { pipeline, Readable } from 'node:stream'
import type { MessagePort } from 'node:worker_threads'
import { createDeflate } from 'node:zlib'
import type { AnyKind, EncodeTools, Form } from '../../../jobs/define.ts'
import { inputOf } from './input.ts'
import type { FromEncoder, JobFacts, ToEncoder } from './messages.ts'
import { unpack } from './pack.ts'
import { recomputing } from './recompute.ts'

/** How many packs of outputs may be under way to the encoder: hides the way there and back. */
const AHEAD = 4
/** Chunks sent before the reader asks for more. */
const WINDOW = 4

const deflate: EncodeTools['deflate'] = (source) => {
  const packer = createDeflate()
  // Whoever reads the packer hears what failed; an error that nobody listens for would end this thread.
  pipeline(Readable.from(source, { objectMode: false }), packer, () => {})
  return packer
}

/** Runs in a worker thread: reads outputs from the port, writes the encoded result to it. */
export async function encode(kind: AnyKind, facts: JobFacts, format: Form, port: MessagePort): Promise<null> {
  const say = (message: FromEncoder, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
  const arrived: ToEncoder[] = []
  let credit = WINDOW
  /** Two wait here: the encoder for outputs, and what it made for a reader; compression runs ahead of both. */
  let waiting: (() => void)[] = []
  const wake = () => {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }
  let gone = false
  port.on('message', (message: ToEncoder) => {
    if (message.type === 'next') credit++
    else arrived.push(message)
    wake()
  })
  port.on('close', () => {
    gone = true
    wake()
  })
  const until = async (ready: () => boolean) => {
    while (!ready() && !gone) await new Promise<void>((resolve) => waiting.push(resolve))
    if (gone) throw new Error('Nobody reads any more')
  }
  async function* outputs() {
    for (let i = 0; i < AHEAD; i++) say({ type: 'more' })
    for (;;) {
      await until(() => arrived.length > 0)
      const message = arrived.shift()!
      if (message.type === 'end') return
      if (message.type === 'failed') throw new Error(message.message)
      if (message.type !== 'outputs') continue
      say({ type: 'more' })
      yield* unpack(message.packed)
    }
  }
  try {
    const encoder = kind.formats[format]
    if (!encoder) throw new Error(`Results of the kind "${kind.id}" have no form "${format}".`)
    const input = inputOf(kind, facts)
    const tools: EncodeTools = { deflate, recompute: recomputing(kind, facts, input) }
    for await (const chunk of encoder.encode(facts.params, outputs(), tools, input)) {
      await until(() => credit > 0)
      credit--
      // A copy of exactly these bytes: the encoder may reuse its buffer, and a view would drag all of it along.
      const bytes = new Uint8Array(chunk)
      say({ type: 'chunk', bytes }, [bytes.buffer])
    }
    say({ type: 'done' })
  } catch (error) {
    if (!gone) say({ type: 'failed', message: (error as Error).message })
  } finally {
    port.close()
  }
  return null
}
