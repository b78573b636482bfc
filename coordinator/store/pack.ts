import type { Change } from '../pool/effects.ts'
import { keepsBytes } from './keeps-bytes.ts'
import type { Batch } from './port.ts'

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
  return { at, changes: packed, words, bytes }
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
