// XXH64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), for the checksums inside zstd files.
// Node has no such hash. 64-bit words are kept as two 32-bit halves: BigInt would be slower than all the rest.

export interface Xxh64 {
  push(bytes: Uint8Array): void
  /** Of everything pushed; nothing may be pushed afterwards. */
  end(): bigint
}

const P1 = 0x9e3779b185ebca87n
const P2 = 0xc2b2ae3d27d4eb4fn
const P3 = 0x165667b19e3779f9n
const P4 = 0x85ebca77c2b2ae63n
const P5 = 0x27d4eb2f165667c5n
const STRIPE_BYTES = 32

export function createXxh64(): Xxh64 {
  const lanes = new BigInt64Array([P1 + P2, P2, 0n, -P1])
  const held = new Uint8Array(STRIPE_BYTES)
  let holding = 0
  let length = 0
  return {
    push(bytes) {
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
    end: () => finish(lanes, length, held.subarray(0, holding)),
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
