import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type Compression, FileProblem } from './port.ts'
import { unpackZstd } from './zstd.ts'

const GZIP = [0x1f, 0x8b]
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd]

/** By the first bytes; names and headers may say anything. */
export function detectCompression(head: Uint8Array): Compression {
  const starts = (magic: readonly number[]) => magic.every((byte, i) => head[i] === byte)
  return starts(GZIP) ? 'gzip' : starts(ZSTD) ? 'zstd' : 'none'
}

/** The unpacked bytes. Throws {@link FileProblem} when they are damaged or end too early. */
export function unpack(body: AsyncIterable<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array> {
  switch (compression) {
    case 'none':
      return body
    case 'gzip':
      return unpackGzip(body)
    case 'zstd':
      return unpackZstd(body)
    default:
      return compression satisfies never
  }
}

const CHUNK_BYTES = 256 * 1024

async function* unpackGzip(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const engine = createGunzip({ chunkSize: CHUNK_BYTES })
  const source = Readable.from(body, { objectMode: false })
  // A failing source ends the engine with its own error; only the engine's errors speak of the file.
  let failure: unknown
  source.on('error', (error) => {
    failure = error
    engine.destroy(error)
  })
  source.pipe(engine)
  try {
    yield* engine as AsyncIterable<Uint8Array>
  } catch (error) {
    if (failure !== undefined) throw failure
    const early = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR'
    const what = early ? 'ends too early: it was not copied whole' : 'is damaged: its gzip data cannot be read'
    throw new FileProblem('damaged', `The compressed file ${what}.`, error)
  } finally {
    source.destroy()
    engine.destroy()
  }
}
