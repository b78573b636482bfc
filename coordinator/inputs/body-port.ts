import type { MessagePort } from 'node:worker_threads'
import type { BodyMessage } from './messages.ts'
import { FileProblem } from './port.ts'

// A body on its way to another thread: read no faster than it is used there.

/** Chunks under way: enough to keep both sides busy, little memory. */
const WINDOW = 16

/** Resolves when the other side has it all, or wants no more. */
export async function sendBody(body: AsyncIterable<Uint8Array>, port: MessagePort): Promise<void> {
  let room = 0
  let closed = false
  let wake: () => void = () => {}
  port.on('message', () => {
    room++
    wake()
  })
  port.on('close', () => {
    closed = true
    wake()
  })
  const say = (message: BodyMessage, move: ArrayBuffer[] = []) => port.postMessage(message, move)
  try {
    for await (const chunk of body) {
      while (room === 0 && !closed)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      if (closed) return
      room--
      // A copy: network buffers share their memory with others.
      const bytes = new Uint8Array(chunk)
      say({ type: 'chunk', bytes }, [bytes.buffer])
    }
    say({ type: 'end' })
  } catch {
    say({ type: 'lost' })
  }
}

/** The body at the other end. Leaving it early tells the sender to stop. */
export async function* receiveBody(port: MessagePort): AsyncGenerator<Uint8Array> {
  const arrived: BodyMessage[] = []
  let closed = false
  let wake: () => void = () => {}
  port.on('message', (message: BodyMessage) => {
    arrived.push(message)
    wake()
  })
  port.on('close', () => {
    closed = true
    wake()
  })
  const more = () => port.postMessage({ type: 'more' } satisfies BodyMessage)
  try {
    for (let i = 0; i < WINDOW; i++) more()
    for (;;) {
      while (arrived.length === 0 && !closed)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      const message = arrived.shift()
      if (message?.type === 'end') return
      if (message?.type !== 'chunk')
        throw new FileProblem('damaged', 'The upload broke off before its end. Send the file again.')
      more()
      yield message.bytes
    }
  } finally {
    port.close()
  }
}
