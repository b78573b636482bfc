// Counter-based random numbers, the same bits as random.as.ts: splitmix64 (Steele, Lea, Flood 2014) in 32-bit halves.
// Streams of one seed never meet: stream and draw are the upper and lower half of one counter.

const GAMMA = [0x9e3779b9, 0x7f4a7c15] as const
let high = 0
let low = 0

/**
 * Draws 0, 1, 2 … of one stream, each uniform in (0, 1), never 0 or 1: the middle of one of 2^52 equal parts.
 * @param seed whole number from 0 to 2^53 − 1
 * @param stream whole number from 0 to 2^32 − 1, for example the index of a task
 */
export function createRandom(seed: number, stream: number): () => number {
  high = Math.floor(seed / 2 ** 32) ^ 0x5851f42d
  low = (seed >>> 0) ^ 0x4c957f2d
  mix()
  add(GAMMA[0], GAMMA[1])
  mix()
  const [keyHigh, keyLow] = [high, low]
  let draw = 0
  return () => {
    // (stream · 2^32 + draw + 1) · gamma + key
    draw++
    high = draw > 0xffffffff ? (stream + 1) >>> 0 : stream
    low = draw >>> 0
    multiply(GAMMA[0], GAMMA[1])
    add(keyHigh, keyLow)
    mix()
    return (high * 2 ** 20 + (low >>> 12) + 0.5) * 2 ** -52
  }
}

function mix(): void {
  shiftXor(30)
  multiply(0xbf58476d, 0x1ce4e5b9)
  shiftXor(27)
  multiply(0x94d049bb, 0x133111eb)
  shiftXor(31)
}

function shiftXor(by: number): void {
  low = (low ^ ((low >>> by) | (high << (32 - by)))) >>> 0
  high = (high ^ (high >>> by)) >>> 0
}

function add(byHigh: number, byLow: number): void {
  const sum = low + byLow
  high = (high + byHigh + (sum > 0xffffffff ? 1 : 0)) >>> 0
  low = sum >>> 0
}

/** Modulo 2^64. */
function multiply(byHigh: number, byLow: number): void {
  const [a, b, c, d] = [low & 0xffff, low >>> 16, byLow & 0xffff, byLow >>> 16]
  const middle = b * c + ((a * c) >>> 16)
  const carry = (middle >>> 16) + ((a * d + (middle & 0xffff)) >>> 16) + b * d
  high = (carry + Math.imul(high, byLow) + Math.imul(low, byHigh)) >>> 0
  low = Math.imul(low, byLow) >>> 0
}
