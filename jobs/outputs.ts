import { type Format, MalformedOutput } from './define.ts'

/** An output that is one count: four bytes, big-endian. */
export function countOutput(count: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(4)
  new DataView(output.buffer).setUint32(0, count)
  return output
}

/** @param most what an honest device can have counted at most */
export function countOf(output: Uint8Array, most: number): number {
  if (output.length !== 4) throw new MalformedOutput(`Expected 4 bytes, got ${output.length}.`)
  const count = new DataView(output.buffer, output.byteOffset).getUint32(0)
  if (count > most) throw new MalformedOutput(`${count} is more than there are to count, ${most}.`)
  return count
}

/** A result as one JSON value, made of all outputs in task order. For results small enough to be held whole. */
export function json<Params, Input>(
  merge: (params: Params, outputs: AsyncIterable<Uint8Array>, input: Input) => Promise<unknown>,
): Format<Params, Input> {
  return {
    contentType: 'application/json',
    extension: 'json',
    async *encode(params, outputs, _tools, input) {
      yield new TextEncoder().encode(`${JSON.stringify(await merge(params, outputs, input))}\n`)
    },
  }
}
