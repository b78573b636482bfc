import { MalformedOutput } from './define.ts'

// An output that is one count: four bytes, big-endian.

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
