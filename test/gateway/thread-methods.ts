import { isMainThread } from 'node:worker_threads'
import { move, serve } from '../../coordinator/thread.ts'

// The methods of a thread, for the tests of threads.

export class Refused extends Error {
  override name = 'Refused'
  readonly reason: string
  constructor(reason: string) {
    super(`Refused: ${reason}`)
    this.reason = reason
  }
}

export const methods = {
  add: (a: number, b: number) => a + b,
  later: async (value: string) => value,
  refuse(reason: string): void {
    throw new Refused(reason)
  },
  untellable(): void {
    throw Object.assign(new Error('odd'), { bare: Object.create(null), call: () => 1 })
  },
  die(): void {
    process.exit(3)
  },
  hang: () => new Promise<void>(() => {}),
  sum: async (bytes: AsyncIterable<Uint8Array>) => {
    let sum = 0
    for await (const part of bytes) for (const byte of part) sum += byte
    return sum
  },
  first: async (parts: AsyncIterable<number>) => {
    for await (const part of parts) return part
    return null
  },
  ignore: async (_: AsyncIterable<number>) => 'not read',
  async *double(parts: AsyncIterable<number>) {
    for await (const part of parts) yield part * 2
  },
  async *breaks() {
    yield 1
    throw new Refused('in the middle')
  },
  bytes: (length: number) => {
    const made = new Uint8Array(length)
    return move(made, [made.buffer])
  },
  moved: (bytes: Uint8Array) => bytes.length,
}
if (!isMainThread) serve(methods)
