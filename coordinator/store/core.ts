import type { JobId, VolunteerId } from '../../protocol/ids.ts'
import type { Change } from '../pool/effects.ts'
import type { JobProgress, JobSpec } from '../pool/job.ts'
import { move, openThread, StreamEnded } from '../thread.ts'
import { type Batch, OutputsMissing, type Store, StoreError } from './port.ts'

export interface StoreOptions {
  /** `postgresql://…`, `file:…`, or null for SQLite in the data folder. */
  readonly databaseUrl: string | null
  readonly dataDir: string
}

/** A store in messages: what its thread answers, everything in as few objects as can be. */
export interface Core extends Omit<Store, 'load' | 'commit' | 'outputs'> {
  load(): Promise<readonly PackedJob[]>
  commit(batch: PackedBatch): Promise<void>
  outputs(job: JobId, from: number, to: number | undefined): AsyncIterable<Chunk>
}

export interface PackedJob {
  readonly spec: JobSpec
  readonly progress: JobProgress
  readonly history: Packed
}

/** Outputs of consecutive tasks, one after the other. */
export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lengths: Uint32Array<ArrayBuffer>
}

type Method = keyof Core
/** What the store's thread answers; `open` comes first and answers the names of the others. */
export type StoreMethods = Pick<Core, Method> & { open(): readonly Method[] }

/**
 * The store of a running pool, in a worker thread behind its port. Rejects with StoreError when the database or the data
 * folder cannot be used. Should the thread die, every call fails until load() has started another. The caller holds the
 * data folder's lock (data-dir.ts).
 */
export async function openStore(options: StoreOptions, script = 'store-worker.mjs'): Promise<Store> {
  const errors = [StoreError, OutputsMissing]
  const thread = openThread<StoreMethods>(script, { name: 'store', workerData: options, errors })
  let state: 'opening' | 'open' | 'closed' = 'opening'

  async function alive<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw thread.running ? error : stopped(error)
    }
  }

  async function ask<T>(call: () => Promise<T>): Promise<T> {
    if (state !== 'open' || !thread.running) throw stopped(null)
    return alive(call)
  }

  async function open(): Promise<readonly Method[]> {
    state = 'opening'
    try {
      const methods = await alive(() => thread.call.open())
      state = 'open'
      return methods
    } catch (error) {
      await thread.close()
      throw error
    }
  }

  const call = (method: Method) => {
    const ofThread = thread.call[method] as (...args: readonly unknown[]) => Promise<unknown>
    return (...args: readonly unknown[]) => ask(() => ofThread(...args))
  }
  const methods = await open()
  return storeOver({
    ...(Object.fromEntries(methods.map((method) => [method, call(method)])) as unknown as Core),
    async load() {
      if (state !== 'closed' && !thread.running) await open()
      return ask(() => thread.call.load())
    },
    async *outputs(...args) {
      const stream = await ask(() => thread.call.outputs(...args))
      try {
        yield* stream
      } catch (error) {
        throw error instanceof StreamEnded ? stopped(error) : error
      }
    },
    async close() {
      const isOpen = state === 'open' && thread.running
      state = 'closed'
      try {
        if (isOpen) await alive(() => thread.call.close())
      } finally {
        await thread.close()
      }
    },
  })
}

function stopped(cause: unknown): StoreError {
  return new StoreError('The part of the pool that keeps the data has stopped; it is being started again.', cause)
}

/** The port over a core, be it in this thread or in another. */
export function storeOver(core: Core): Store {
  return {
    ...core,
    commit: (batch) => core.commit(packBatch(batch)),
    async load() {
      const jobs = await core.load()
      return {
        jobs: jobs.map(({ spec, progress, history }) => {
          const owners = new Map<string, VolunteerId>()
          for (const change of history.changes)
            if (change.type === 'resultKept') owners.set(change.device, change.volunteer)
          return {
            spec,
            progress,
            history: { [Symbol.iterator]: () => unpack(history)[Symbol.iterator]() },
            volunteerOf: (device) => owners.get(device)!,
          }
        }),
      }
    },
    async *outputs(job, from = 0, to) {
      for await (const { bytes, lengths } of core.outputs(job, from, to)) {
        let at = 0
        for (const length of lengths) {
          yield bytes.subarray(at, at + length)
          at += length
        }
      }
    },
  }
}

// A batch in three pieces that cross to the store's thread without being copied object by object: plain changes, one
// array of numbers, one of bytes. A million small outputs would otherwise be a million clones.

type Kept = Extract<Change, { type: 'resultKept' }>

/** `words` is where this result's prices (n), digests (2n) and, with bytes, lengths (n) begin; `bytes` where its outputs do. */
export type PackedKept = Omit<Kept, 'prices' | 'digests' | 'ref'> & {
  readonly words: number
  readonly bytes: { readonly start: number; readonly size: number } | null
}
export type PackedChange = Exclude<Change, Kept> | PackedKept

export interface Packed {
  readonly changes: readonly PackedChange[]
  readonly words: Uint32Array<ArrayBuffer>
}
export interface PackedBatch extends Packed {
  readonly at: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

export function packBatch({ at, changes, outputs }: Batch): PackedBatch {
  const kept = changes.filter((change) => change.type === 'resultKept')
  const places = new Map<Kept, { words: number; outputs: readonly Uint8Array[] | null; start: number; size: number }>()
  let wordCount = 0
  let byteCount = 0
  for (const change of kept) {
    const count = change.to - change.from
    const own = keepsBytes(change) ? outputsOf(change, outputs) : null
    let size = 0
    for (const output of own ?? []) size += output.byteLength
    places.set(change, { words: wordCount, outputs: own, start: byteCount, size })
    wordCount += count * (own === null ? 3 : 4)
    byteCount += size
  }
  const words = new Uint32Array(wordCount)
  const bytes = new Uint8Array(byteCount)
  const packed = changes.map((change): PackedChange => {
    if (change.type !== 'resultKept') return change
    const { prices, digests, ref: _ref, ...rest } = change
    const place = places.get(change)!
    words.set(prices, place.words)
    words.set(digests, place.words + prices.length)
    if (place.outputs === null) return { ...rest, words: place.words, bytes: null }
    let at = place.start
    let length = place.words + prices.length + digests.length
    for (const output of place.outputs) {
      bytes.set(output, at)
      at += output.byteLength
      words[length++] = output.byteLength
    }
    return { ...rest, words: place.words, bytes: { start: place.start, size: place.size } }
  })
  return move({ at, changes: packed, words, bytes }, [words.buffer, bytes.buffer])
}

function outputsOf({ ref, from, to }: Kept, outputs: Batch['outputs']): readonly Uint8Array[] {
  const message = outputs.get(ref)
  const own = message?.outputs.slice(from - message.from, to - message.from)
  if (own?.length !== to - from) throw new Error(`The outputs of tasks ${from} to ${to - 1} are not in the batch`)
  return own
}

/** Numbers of one kept result. */
export function wordsOf({ from, to, words: start, bytes }: PackedKept, words: Uint32Array) {
  const count = to - from
  return {
    prices: words.subarray(start, start + count),
    digests: words.subarray(start + count, start + 3 * count),
    lengths: bytes === null ? null : words.subarray(start + 3 * count, start + 4 * count),
  }
}

/** The changes as the pool knows them; what it does not ask of history (ref) is zero. */
export function* unpack({ changes, words }: Packed): Iterable<Change> {
  for (const change of changes) {
    if (change.type !== 'resultKept') {
      yield change
      continue
    }
    const { words: _start, bytes: _bytes, ...rest } = change
    const { prices, digests } = wordsOf(change, words)
    yield { ...rest, prices, digests, ref: 0 }
  }
}

// Lists of 32-bit words as the database keeps them: little-endian, and a single word when all are equal, as sizes and
// prices often are.

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

export function wordsToBytes(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  return littleEndian ? bytes : swap(bytes.slice())
}

export function bytesToWords(bytes: Uint8Array): Uint32Array {
  // Copied: a view would need an offset that is a multiple of four.
  const copy = bytes.slice()
  return new Uint32Array((littleEndian ? copy : swap(copy)).buffer)
}

/** A list of one stands for any number of equal words. */
export function squeeze(words: Uint32Array): Uint32Array {
  const first = words[0]
  return words.length > 1 && words.every((word) => word === first) ? words.subarray(0, 1) : words
}

export function unsqueeze(words: Uint32Array, length: number): Uint32Array {
  return words.length === length ? words : new Uint32Array(length).fill(words[0] ?? 0)
}

function swap(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < bytes.length; i += 4) bytes.subarray(i, i + 4).reverse()
  return bytes
}

/** Whether the outputs of a kept result are kept with it; of the others the digests are. */
export function keepsBytes({ state }: Pick<Extract<Change, { type: 'resultKept' }>, 'state'>): boolean {
  return state === 'accepted' || state === 'pending'
}
