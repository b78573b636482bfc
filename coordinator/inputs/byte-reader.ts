import { FileProblem } from './port.ts'

export type ByteReader = ReturnType<typeof createByteReader>

/** A body by as many bytes as are asked for. What is asked beyond its end rejects with {@link FileProblem}. */
export function createByteReader(body: AsyncIterable<Uint8Array>) {
  const chunks = body[Symbol.asyncIterator]()
  let held: Uint8Array = new Uint8Array()
  let at = 0

  async function more(): Promise<boolean> {
    while (held.length === 0) {
      const next = await chunks.next()
      if (next.done) return false
      held = next.value
    }
    return true
  }

  /** At most so many bytes, at least one. */
  async function some(most: number): Promise<Uint8Array> {
    if (!(await more()))
      throw new FileProblem('damaged', 'The compressed file ends too early: it was not copied whole.')
    const bytes = held.subarray(0, most)
    held = held.subarray(bytes.length)
    at += bytes.length
    return bytes
  }

  return {
    /** Bytes read so far. */
    at: () => at,
    some,
    /** The last bytes that were read, to be read again. */
    unread(bytes: Uint8Array): void {
      held = held.length === 0 ? bytes : Buffer.concat([bytes, held])
      at -= bytes.length
    },
    /** Reads on to a byte that is not zero; false: there is none. */
    async skipZeros(): Promise<boolean> {
      while (await more()) {
        const first = held.findIndex((byte) => byte !== 0)
        const zeros = first < 0 ? held.length : first
        held = held.subarray(zeros)
        at += zeros
        if (first >= 0) return true
      }
      return false
    },
    async take(count: number): Promise<Uint8Array> {
      const bytes = count === 0 ? held.subarray(0, 0) : await some(count)
      if (bytes.length === count) return bytes
      const parts = [bytes]
      for (let length = bytes.length; length < count; length += parts.at(-1)!.length)
        parts.push(await some(count - length))
      return Buffer.concat(parts)
    },
    async skip(count: number): Promise<void> {
      for (let left = count; left > 0; ) left -= (await some(left)).length
    },
    close: async () => void (await chunks.return?.()),
  }
}

/** What follows a whole packed part and is neither another one nor zeros. */
export function foreign(format: 'gzip' | 'zstd', at: number): FileProblem {
  return new FileProblem(
    'damaged',
    `The compressed file goes on at byte ${at} with something that is not ${format} data: a part of it may be lost. Pack it again, or cut it off there.`,
  )
}
