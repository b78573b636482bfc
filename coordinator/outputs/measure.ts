import { hash } from 'node:crypto'
import { type AnyKind, MAX_OUTPUT_BYTES } from '../../jobs/define.ts'
import { inputOf } from '../inputs/input.ts'
import type { JobFacts } from '../job-facts.ts'
import { type Packed, unpack } from './pack.ts'

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
