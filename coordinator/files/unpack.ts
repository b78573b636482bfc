import { Readable } from 'node:stream'
import * as zlib from 'node:zlib'
import { type Compression, FileProblem } from './port.ts'

const GZIP = [0x1f, 0x8b]
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd]

/** By the first bytes; names and headers may say anything. */
export function detectCompression(head: Uint8Array): Compression {
  const starts = (magic: readonly number[]) => magic.every((byte, i) => head[i] === byte)
  return starts(GZIP) ? 'gzip' : starts(ZSTD) ? 'zstd' : 'none'
}

/** The unpacked bytes. Throws {@link FileProblem} when they are damaged or end too early. */
export async function* unpack(
  body: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (compression === 'none') {
    yield* body
    return
  }
  const engine = createEngine(compression)
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
    const what = early
      ? `ends too early: it was not copied whole`
      : `is damaged: its ${compression} data cannot be read`
    throw new FileProblem('damaged', `The compressed file ${what}.`, error)
  } finally {
    source.destroy()
    engine.destroy()
  }
}

// Newer versions of Node read zstd themselves; version 20 does not, and no library is kept for it.
type ZstdCapable = { createZstdDecompress?: (options: { chunkSize: number }) => zlib.Gunzip }
const CHUNK_BYTES = 256 * 1024

function createEngine(compression: 'gzip' | 'zstd'): zlib.Gunzip {
  if (compression === 'gzip') return zlib.createGunzip({ chunkSize: CHUNK_BYTES })
  const create = (zlib as ZstdCapable).createZstdDecompress
  if (create) return create({ chunkSize: CHUNK_BYTES })
  throw new FileProblem(
    'unsupported',
    'This file is packed with zstd, which this version of Node cannot read. Send it unpacked or as gzip.',
  )
}
