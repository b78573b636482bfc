import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import { type ByteReader, createByteReader, foreign } from './byte-reader.ts'
import { FileProblem } from './port.ts'

// gzip (RFC 1952), member by member. Node's own gunzip drops whatever follows a member and does not begin another one: a
// single zero byte between two members loses the rest of a file. Zeros around members are padding, as gzip itself reads
// them; anything else is refused.

const CHUNK_BYTES = 256 * 1024
const DEFLATE = 8
/** Bits of a member's flags. */
const HEADER_SUM = 2
const EXTRA = 4
const NAME = 8
const COMMENT = 16
const RESERVED = 0xe0

/** The unpacked bytes. Throws {@link FileProblem}. */
export async function* unpackGzip(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const source = createByteReader(body)
  try {
    while (await source.skipZeros()) {
      const at = source.at()
      if ((await byte(source)) !== 0x1f || (await byte(source)) !== 0x8b) throw foreign('gzip', at)
      yield* member(source)
    }
  } finally {
    await source.close()
  }
}

async function* member(source: ByteReader): AsyncGenerator<Uint8Array> {
  await skipHeader(source)
  let sum = 0
  let length = 0
  for await (const bytes of inflated(source)) {
    sum = crc32(bytes, sum)
    length += bytes.length
    yield bytes
  }
  const end = Buffer.from(await source.take(8))
  if (end.readUInt32LE(0) !== sum || end.readUInt32LE(4) !== length % 2 ** 32) throw damaged()
}

async function skipHeader(source: ByteReader): Promise<void> {
  const [method, flags = 0] = await source.take(8)
  if (method !== DEFLATE || (flags & RESERVED) !== 0) throw damaged()
  if (flags & EXTRA) await source.skip(Buffer.from(await source.take(2)).readUInt16LE(0))
  for (const text of [NAME, COMMENT]) if (flags & text) while ((await byte(source)) !== 0);
  if (flags & HEADER_SUM) await source.skip(2)
}

async function byte(source: ByteReader): Promise<number> {
  return (await source.take(1))[0]!
}

async function* inflated(source: ByteReader): AsyncGenerator<Uint8Array> {
  const engine = createInflateRaw({ chunkSize: CHUNK_BYTES })
  const feeding = feed(engine, source)
  feeding.catch((error) => engine.destroy(error))
  try {
    yield* engine as AsyncIterable<Uint8Array>
    await feeding
  } catch (error) {
    throw String((error as NodeJS.ErrnoException).code).startsWith('Z_') ? damaged(error) : error
  } finally {
    engine.destroy()
  }
}

/** Writes chunk by chunk until the engine has come to its end; what it did not use of the last one is unread. */
async function feed(engine: InflateRaw, source: ByteReader): Promise<void> {
  for (;;) {
    const chunk = await source.some(CHUNK_BYTES)
    const before = engine.bytesWritten
    const failed = await new Promise((resolve) => engine.write(chunk, resolve))
    // What goes wrong is told where the engine is read.
    if (failed) return
    const used = engine.bytesWritten - before
    if (used === chunk.length) continue
    source.unread(chunk.subarray(used))
    return
  }
}

function damaged(cause?: unknown): FileProblem {
  return new FileProblem('damaged', 'The compressed file is damaged: its gzip data cannot be read.', cause)
}
