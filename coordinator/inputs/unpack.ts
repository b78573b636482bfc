import { unpackGzip } from './gzip.ts'
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
