import { Decompress } from 'fzstd'
import { type ByteReader, createByteReader, foreign } from './byte-reader.ts'
import { FileProblem } from './port.ts'

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

// XXH64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), for the sums of frames. Node has no such
// hash. 64-bit words are kept as two 32-bit halves: BigInt would be slower than all the rest.

const P1 = 0x9e3779b185ebca87n
const P2 = 0xc2b2ae3d27d4eb4fn
const P3 = 0x165667b19e3779f9n
const P4 = 0x85ebca77c2b2ae63n
const P5 = 0x27d4eb2f165667c5n
const STRIPE_BYTES = 32

/** Exported for its test: the sums inside frames are told apart nowhere else. */
export function createXxh64() {
  const lanes = new BigInt64Array([P1 + P2, P2, 0n, -P1])
  const held = new Uint8Array(STRIPE_BYTES)
  let holding = 0
  let length = 0
  return {
    push(bytes: Uint8Array): void {
      length += bytes.length
      let at = 0
      if (holding > 0) {
        at = Math.min(bytes.length, STRIPE_BYTES - holding)
        held.set(bytes.subarray(0, at), holding)
        holding += at
        if (holding < STRIPE_BYTES) return
        mix(lanes, held)
      }
      const whole = bytes.length - ((bytes.length - at) % STRIPE_BYTES)
      mix(lanes, bytes.subarray(at, whole))
      held.set(bytes.subarray(whole))
      holding = bytes.length - whole
    },
    /** Of everything pushed; nothing may be pushed afterwards. */
    end: (): bigint => finish(lanes, length, held.subarray(0, holding)),
  }
}

/** Whole stripes into the four lanes, one lane after the other: word k of a stripe belongs to lane k. */
function mix(lanes: BigInt64Array, stripes: Uint8Array): void {
  const halves = new Int32Array(lanes.buffer)
  const words = new DataView(stripes.buffer, stripes.byteOffset, stripes.byteLength)
  for (let lane = 0; lane < 4; lane++) {
    let low = halves[2 * lane]!
    let high = halves[2 * lane + 1]!
    for (let at = 8 * lane; at < stripes.length; at += STRIPE_BYTES) {
      // lane = rotate(lane + word × P2, 31) × P1
      const word = words.getInt32(at, true)
      const addLow = Math.imul(word, 0x27d4eb4f)
      const addHigh =
        upper(word, 0xeb4f, 0x27d4) + Math.imul(word, 0xc2b2ae3d) + Math.imul(words.getInt32(at + 4, true), 0x27d4eb4f)
      const sumLow = (low + addLow) | 0
      const sumHigh = (high + addHigh + (sumLow >>> 0 < addLow >>> 0 ? 1 : 0)) | 0
      const turnedLow = (sumLow << 31) | (sumHigh >>> 1)
      const turnedHigh = (sumHigh << 31) | (sumLow >>> 1)
      low = Math.imul(turnedLow, 0x85ebca87)
      high =
        (upper(turnedLow, 0xca87, 0x85eb) + Math.imul(turnedLow, 0x9e3779b1) + Math.imul(turnedHigh, 0x85ebca87)) | 0
    }
    halves[2 * lane] = low
    halves[2 * lane + 1] = high
  }
}

/** Upper half of the product of two unsigned 32-bit numbers, the second given as its 16-bit halves. */
function upper(a: number, low: number, high: number): number {
  const a0 = a & 0xffff
  const a1 = a >>> 16
  const middle = (Math.imul(a1, low) + (Math.imul(a0, low) >>> 16)) | 0
  const cross = (Math.imul(a0, high) + (middle & 0xffff)) | 0
  return (Math.imul(a1, high) + (middle >>> 16) + (cross >>> 16)) | 0
}

const word64 = (value: bigint) => BigInt.asUintN(64, value)
const rotate = (value: bigint, by: bigint) => word64(value << by) | (word64(value) >> (64n - by))
const round = (lane: bigint, word: bigint) => word64(rotate(lane + word * P2, 31n) * P1)

function finish(lanes: BigInt64Array, length: number, rest: Uint8Array): bigint {
  const [a, b, c, d] = [...lanes].map(word64) as [bigint, bigint, bigint, bigint]
  let hash = P5
  if (length >= STRIPE_BYTES) {
    hash = rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)
    for (const lane of [a, b, c, d]) hash = (hash ^ round(0n, lane)) * P1 + P4
  }
  hash = word64(hash + BigInt(length))
  const words = new DataView(rest.buffer, rest.byteOffset, rest.byteLength)
  let at = 0
  for (; at + 8 <= rest.length; at += 8)
    hash = word64(rotate(hash ^ round(0n, words.getBigUint64(at, true)), 27n) * P1 + P4)
  for (; at + 4 <= rest.length; at += 4)
    hash = word64(rotate(hash ^ word64(BigInt(words.getUint32(at, true)) * P1), 23n) * P2 + P3)
  for (; at < rest.length; at++) hash = word64(rotate(hash ^ word64(BigInt(rest[at]!) * P5), 11n) * P1)
  hash = word64((hash ^ (hash >> 33n)) * P2)
  hash = word64((hash ^ (hash >> 29n)) * P3)
  return hash ^ (hash >> 32n)
}
