import type { Packed } from './messages.ts'

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
  return { bytes: all.buffer, lengths }
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
