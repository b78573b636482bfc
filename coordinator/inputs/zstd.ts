import { Decompress } from 'fzstd'
import { type ByteReader, createByteReader, foreign } from './byte-reader.ts'
import { FileProblem } from './port.ts'
import { createXxh64 } from './xxh64.ts'

// Zstandard (RFC 8878), frame by frame and block by block. fzstd decodes blocks; what it leaves unchecked is checked here:
// the sums and sizes that frames carry, what it cannot decode, and headers that would cost more memory than there is.

/** fzstd reads no further back. `zstd` itself needs more only with --ultra or --long. */
const MOST_WINDOW_BYTES = 32 << 20
const MOST_BLOCK_BYTES = 128 << 10
const FRAME = 0xfd2fb528
const SKIPPABLE = 0x184d2a5
/** Types of blocks; 0 is bytes as they are, 3 is none. */
const REPEATED = 1
const COMPRESSED = 2

/** The unpacked bytes. Throws {@link FileProblem}. */
export async function* unpackZstd(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const source = createByteReader(body)
  try {
    while (await source.skipZeros()) {
      const at = source.at()
      const first = await source.take(1)
      // Neither the beginning of a frame nor of one to be skipped.
      if (at > 0 && first[0] !== MAGIC[0] && first[0]! >>> 4 !== (SKIPPABLE & 15)) throw foreign('zstd', at)
      const magic = view(Buffer.concat([first, await source.take(3)])).getUint32(0, true)
      if (magic === FRAME) yield* frame(source)
      else if (magic >>> 4 === SKIPPABLE) await source.skip(view(await source.take(4)).getUint32(0, true))
      else throw at === 0 ? damaged() : foreign('zstd', at)
    }
  } finally {
    await source.close()
  }
}

async function* frame(source: ByteReader): AsyncGenerator<Uint8Array> {
  const { header, windowBytes, contentBytes, summed } = await readHeader(source)
  const made: Uint8Array[] = []
  const decoder = new Decompress((bytes) => made.push(bytes))
  const sum = createXxh64()
  let length = 0
  decode(decoder, header, false)
  for (let last = false; !last; ) {
    const head = await source.take(3)
    const word = head[0]! | (head[1]! << 8) | (head[2]! << 16)
    const type = (word >> 1) & 3
    const size = word >> 3
    last = (word & 1) === 1
    if (type > COMPRESSED || size > Math.min(MOST_BLOCK_BYTES, windowBytes)) throw damaged()
    const block = await source.take(type === REPEATED ? 1 : size)
    if (type === COMPRESSED && wouldNeverEnd(block)) throw damaged()
    decode(decoder, Buffer.concat([head, block]), last && !summed)
    let told: number | undefined
    if (last && summed) {
      const bytes = await source.take(4)
      told = view(bytes).getUint32(0, true)
      decode(decoder, bytes, true)
    }
    for (const bytes of made.splice(0)) {
      length += bytes.length
      if (summed) sum.push(bytes)
      yield bytes
    }
    if (told !== undefined && told !== Number(sum.end() & 0xffffffffn)) throw damaged()
  }
  if (contentBytes !== undefined && contentBytes !== length) throw damaged()
}

function decode(decoder: Decompress, bytes: Uint8Array, last: boolean): void {
  try {
    decoder.push(bytes, last)
  } catch (error) {
    throw damaged(error)
  }
}

/** What stands before a frame's first block, and as fzstd wants it: with the magic number. */
async function readHeader(source: ByteReader) {
  const [flags = 0] = await source.take(1)
  const single = (flags & 0x20) !== 0
  const keyBytes = [0, 1, 2, 4][flags & 3]!
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6]!
  if ((flags & 8) !== 0) throw damaged()
  const rest = await source.take((single ? 0 : 1) + keyBytes + sizeBytes)
  const key = rest.subarray(rest.length - sizeBytes - keyBytes, rest.length - sizeBytes)
  if (key.some((byte) => byte !== 0))
    throw new FileProblem('unsupported', 'This file is packed with a zstd dictionary. Pack it again without one.')
  const contentBytes = sizeBytes === 0 ? undefined : littleEndian(rest.subarray(rest.length - sizeBytes))
  const told = contentBytes === undefined ? undefined : contentBytes + (sizeBytes === 2 ? 256 : 0)
  const base = 2 ** (10 + (rest[0]! >> 3))
  const windowBytes = single ? told! : base + (base / 8) * (rest[0]! & 7)
  if (windowBytes > MOST_WINDOW_BYTES) {
    const most = `${MOST_WINDOW_BYTES >> 20} MB`
    throw new FileProblem(
      'unsupported',
      `This file is packed with zstd’s --ultra or --long, which look back further than the ${most} this pool keeps. Pack it again without.`,
    )
  }
  const header = Buffer.from([...MAGIC, flags, ...rest])
  return { header, windowBytes, contentBytes: told, summed: (flags & 4) !== 0 }
}
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd]

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0)
}

/**
 * True for Huffman weights whose table is one symbol alone: no packer writes that, and fzstd reads such weights without
 * ever coming to their end (RFC 8878, 4.1.1 and 4.2.1.2).
 */
function wouldNeverEnd(block: Uint8Array): boolean {
  const first = block[0] ?? 0
  const tree = [3, 3, 4, 5][(first >> 2) & 3]!
  const accuracy = (block[tree + 1]! & 15) + 5
  if ((first & 3) !== COMPRESSED || block[tree]! >= 128 || accuracy > 6) return false
  const bits = (at: number, count: number) => {
    const byte = at >> 3
    return (((block[byte] ?? 0) | ((block[byte + 1] ?? 0) << 8)) >> (at & 7)) & ((1 << count) - 1)
  }
  const all = (2 << accuracy) - 1
  let at = (tree + 1) * 8 + 4
  // Past the symbols that never occur, each with how many more of them follow.
  while (at < block.length * 8 && bits(at, accuracy + 1) !== all) {
    if (bits(at, accuracy) !== 1) return false
    at += accuracy
    while (bits(at, 2) === 3) at += 2
    at += 2
  }
  return at < block.length * 8
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function damaged(cause?: unknown): FileProblem {
  return new FileProblem('damaged', 'The compressed file is damaged: its zstd data cannot be read.', cause)
}
