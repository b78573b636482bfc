import { availableParallelism } from 'node:os'
import type { AnyKind } from '../../jobs/define.ts'
import type { JobFacts } from '../kernels.ts'
import { leave, move, openThread, type Thread } from '../thread.ts'
import { type Measured, type MeasureItem, measure, pack, packs } from './measure.ts'
import type { OutputMethods } from './worker.ts'

/** A thread that knows the kinds and handles what their tasks output. */
export type OutputThread = Thread<OutputMethods>

/** @param kinds path of the script that exports the kinds */
export function openOutputThread(kinds: string, name: string): OutputThread {
  return openThread('gateway-worker.mjs', { name, workerData: { kinds } })
}

/** The thread that encodes results, at their readers' pace. Nothing begins before the first read. */
export function createEncoder(kinds: string) {
  const thread = openOutputThread(kinds, 'encoder')
  let running = 0
  return {
    encoded(facts: JobFacts, form: string, outputs: AsyncIterable<Uint8Array>) {
      let stream: AsyncIterable<Uint8Array> | null = null
      let closed = false
      async function* read() {
        if (closed) throw new Error('Nobody reads this result any more.')
        running++
        try {
          stream = await thread.call.encode(facts, form, packs(outputs))
          if (closed) leave(stream)
          yield* stream
        } finally {
          running--
        }
      }
      return {
        body: read() as AsyncIterable<Uint8Array>,
        /** Nobody reads on: frees the encoder and the outputs, also while a read waits or before the first one. */
        close(): void {
          closed = true
          if (stream) leave(stream)
        },
      }
    },
    rows: thread.call.rows,
    /** Results being encoded. */
    get running() {
      return running
    },
    close: thread.close,
  }
}
export type Encoder = ReturnType<typeof createEncoder>

/** So little that asking another thread would take longer than doing it. */
const HERE_OUTPUTS = 32
const HERE_BYTES = 8 * 1024
/** Hashing keeps up with a gigabit on one core; more threads than this would only take cores from the host's agent. */
const MAX_THREADS = 4

/** What became of outputs; `bytes` hold them, packed. */
type MeasuredPack = Measured & { readonly lengths: Uint32Array }

interface Waiting {
  readonly item: MeasureItem
  resolve(measured: MeasuredPack): void
  reject(error: Error): void
}

export type Measurer = ReturnType<typeof createMeasurer>

export function createMeasurer(kinds: readonly AnyKind[], kindsScript: string) {
  const byId = new Map(kinds.map((kind) => [kind.id, kind]))
  const count = Math.max(1, Math.min(MAX_THREADS, availableParallelism() - 1))
  const threads = Array.from({ length: count }, (_, i) => openOutputThread(kindsScript, `measure ${i + 1}`))
  let queue: Waiting[] = []

  /** Whatever arrived in this turn of the event loop goes to one thread as one message. */
  function flush() {
    const batch = queue
    queue = []
    const thread = threads.reduce((best, one) => (one.waiting < best.waiting ? one : best))
    const items = batch.map(({ item }) => item)
    thread.call
      .measure(
        move(
          items,
          items.map((item) => item.packed.bytes),
        ),
      )
      .then(
        (all) => {
          batch.forEach((one, i) => {
            one.resolve({ ...all[i]!, lengths: one.item.packed.lengths })
          })
        },
        (error: Error) => {
          for (const one of batch) one.reject(error)
        },
      )
  }

  return {
    measure(facts: JobFacts, from: number, outputs: readonly Uint8Array[]): Promise<MeasuredPack> {
      const packed = pack(outputs)
      const item: MeasureItem = { facts, from, packed }
      if (outputs.length <= HERE_OUTPUTS && packed.bytes.byteLength <= HERE_BYTES)
        return Promise.resolve({ ...measure(byId.get(facts.kind), item), lengths: packed.lengths })
      return new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject })
        if (queue.length === 1) setImmediate(flush)
      })
    },
    async close(): Promise<void> {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}
