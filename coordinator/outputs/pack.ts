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
