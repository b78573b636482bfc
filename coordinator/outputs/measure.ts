import { hash } from 'node:crypto'
import { type AnyKind, MAX_OUTPUT_BYTES } from '../../jobs/define.ts'
import { inputOf } from '../inputs/job-input.ts'
import type { JobFacts } from '../kernels.ts'
import { move } from '../thread.ts'

// Outputs travel between threads packed: one buffer for many, moved rather than copied.

/** Consecutive outputs in one buffer, one after the other. */
export interface Packed {
  readonly bytes: ArrayBuffer
  readonly lengths: Uint32Array
}

/** Outputs of a stream are packed to about this much, whatever their own size is. */
const PACK_BYTES = 256 * 1024
const PACK_OUTPUTS = 4096

/** Copies outputs into one buffer of their own: they may be views of a socket's memory. */
export function pack(outputs: readonly Uint8Array[]): Packed {
  let total = 0
  for (const output of outputs) total += output.length
  const all = new Uint8Array(total)
  const lengths = new Uint32Array(outputs.length)
  let offset = 0
  for (let i = 0; i < outputs.length; i++) {
    const output = outputs[i]!
    all.set(output, offset)
    lengths[i] = output.length
    offset += output.length
  }
  return move({ bytes: all.buffer, lengths }, [all.buffer])
}

/** A stream of outputs as a stream of packs. */
export async function* packs(outputs: AsyncIterable<Uint8Array>, packBytes = PACK_BYTES): AsyncGenerator<Packed> {
  let some: Uint8Array[] = []
  let bytes = 0
  for await (const output of outputs) {
    some.push(output)
    bytes += output.length
    if (bytes < packBytes && some.length < PACK_OUTPUTS) continue
    yield pack(some)
    some = []
    bytes = 0
  }
  if (some.length > 0) yield pack(some)
}

export function unpack({ bytes, lengths }: Packed): Uint8Array<ArrayBuffer>[] {
  const outputs = new Array<Uint8Array<ArrayBuffer>>(lengths.length)
  let offset = 0
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i]!
    outputs[i] = new Uint8Array(bytes, offset, length)
    offset += length
  }
  return outputs
}

/** Consecutive outputs of a job, from task `from` on. */
export interface MeasureItem {
  readonly facts: JobFacts
  readonly from: number
  readonly packed: Packed
}

/** `bytes` are those of the item, handed back. */
export type Measured =
  | {
      readonly type: 'measured'
      readonly bytes: ArrayBuffer
      readonly prices: Uint32Array<ArrayBuffer>
      readonly digests: Uint32Array<ArrayBuffer>
    }
  | { readonly type: 'malformed'; readonly bytes: ArrayBuffer; readonly task: number; readonly message: string }
  /** A fault of ours or the kind's, not of the device. */
  | { readonly type: 'broken'; readonly message: string }

/** Hashes and prices what a device returned: nothing a device claims of its outputs is believed. */
export function measure(kind: AnyKind | undefined, item: MeasureItem): Measured {
  const { facts, from, packed } = item
  if (!kind) return { type: 'broken', message: `This pool knows no kind "${facts.kind}".` }
  const outputs = unpack(packed)
  const input = inputOf(kind, facts)
  const prices = new Uint32Array(outputs.length)
  const digests = new Uint32Array(outputs.length * 2)
  for (let i = 0; i < outputs.length; i++) {
    const output = outputs[i]!
    const task = from + i
    try {
      if (output.length > MAX_OUTPUT_BYTES)
        return malformed(packed.bytes, task, `${output.length} bytes are more than any task returns.`)
      const price = kind.credit(facts.params, task, output, input)
      if (!Number.isInteger(price) || price < 1 || price > 0xffffffff)
        return { type: 'broken', message: `Task ${task} was priced ${price}.` }
      prices[i] = price
    } catch (error) {
      // By name: the kinds are their own bundle, with their own class of this error.
      const { name, message } = error as Error
      return name === 'MalformedOutput' ? malformed(packed.bytes, task, message) : { type: 'broken', message }
    }
    const digest = hash('sha256', output, 'buffer')
    digests[2 * i] = digest.readUInt32LE(0)
    digests[2 * i + 1] = digest.readUInt32LE(4)
  }
  return { type: 'measured', bytes: packed.bytes, prices, digests }
}

function malformed(bytes: ArrayBuffer, task: number, message: string): Measured {
  return { type: 'malformed', bytes, task, message }
}
