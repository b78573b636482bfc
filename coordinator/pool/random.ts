// SipHash-2-4 (Aumasson & Bernstein 2012) on 32-bit halves: a keyed hash nobody without the key can foresee.
// Words are [low, high] pairs in one flat state so that the hot path neither allocates nor needs BigInt.

/** v0 low, v0 high, v1 low, … v3 high. */
type State = Uint32Array

function round(v: State, from: number): void {
  addInto(v, from, from + 2)
  turn(v, from + 2, 13)
  mix(v, from + 2, from)
  turn(v, from, 32)
  addInto(v, from + 4, from + 6)
  turn(v, from + 6, 16)
  mix(v, from + 6, from + 4)
  addInto(v, from, from + 6)
  turn(v, from + 6, 21)
  mix(v, from + 6, from)
  addInto(v, from + 4, from + 2)
  turn(v, from + 2, 17)
  mix(v, from + 2, from + 4)
  turn(v, from + 4, 32)
}

function addInto(v: State, a: number, b: number): void {
  const low = (v[a] as number) + (v[b] as number)
  v[a] = low
  v[a + 1] = (v[a + 1] as number) + (v[b + 1] as number) + (low > 0xffffffff ? 1 : 0)
}

function mix(v: State, a: number, b: number): void {
  v[a] = (v[a] as number) ^ (v[b] as number)
  v[a + 1] = (v[a + 1] as number) ^ (v[b + 1] as number)
}

function turn(v: State, a: number, bits: number): void {
  const low = v[a] as number
  const high = v[a + 1] as number
  if (bits === 32) {
    v[a] = high
    v[a + 1] = low
  } else {
    v[a] = (low << bits) | (high >>> (32 - bits))
    v[a + 1] = (high << bits) | (low >>> (32 - bits))
  }
}

function absorb(v: State, low: number, high: number): void {
  v[6] = (v[6] as number) ^ low
  v[7] = (v[7] as number) ^ high
  round(v, 0)
  round(v, 0)
  v[0] = (v[0] as number) ^ low
  v[1] = (v[1] as number) ^ high
}

function finish(v: State): void {
  v[4] = (v[4] as number) ^ 0xff
  for (let i = 0; i < 4; i++) round(v, 0)
}

function start(key: Uint8Array): State {
  const [k0, k1, k2, k3] = [word(key, 0), word(key, 4), word(key, 8), word(key, 12)]
  return Uint32Array.of(
    k0 ^ 0x70736575,
    k1 ^ 0x736f6d65,
    k2 ^ 0x6e646f6d,
    k3 ^ 0x646f7261,
    k0 ^ 0x6e657261,
    k1 ^ 0x6c796765,
    k2 ^ 0x79746573,
    k3 ^ 0x74656462,
  )
}

function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  )
}

/** The 64-bit hash as [low, high] words. `key` is 16 bytes. */
export function sipHash(key: Uint8Array, message: Uint8Array): readonly [number, number] {
  const v = start(key)
  const whole = message.length & ~7
  for (let at = 0; at < whole; at += 8) absorb(v, word(message, at), word(message, at + 4))
  const rest = message.subarray(whole)
  absorb(v, word(rest, 0), (word(rest, 4) | (message.length << 24)) >>> 0)
  finish(v)
  return [
    ((v[0] as number) ^ (v[2] as number) ^ (v[4] as number) ^ (v[6] as number)) >>> 0,
    ((v[1] as number) ^ (v[3] as number) ^ (v[5] as number) ^ (v[7] as number)) >>> 0,
  ]
}

/**
 * Low word of the hash of `prefix` padded with zeros to whole blocks, then a number as four bytes: the prefix is
 * absorbed once. Equal to {@link sipHash} of those bytes.
 */
export function sipHashFamily(key: Uint8Array, prefix: Uint8Array): (n: number) => number {
  const blocks = Math.ceil(prefix.length / 8)
  const absorbed = start(key)
  for (let at = 0; at < blocks; at++) absorb(absorbed, word(prefix, 8 * at), word(prefix, 8 * at + 4))
  const length = 8 * blocks + 4
  const v = new Uint32Array(8)
  return (n) => {
    v.set(absorbed)
    absorb(v, n >>> 0, (length << 24) >>> 0)
    finish(v)
    return ((v[0] as number) ^ (v[2] as number) ^ (v[4] as number) ^ (v[6] as number)) >>> 0
  }
}

/** Seeded generator of the pool (sfc32, Chris Doty-Humphrey, PractRand): same seed, same choices. */
export interface Random {
  a: number
  b: number
  c: number
  counter: number
}

export function randomOf(seed: number): Random {
  const random = { a: seed >>> 0, b: Math.floor(seed / 2 ** 32) >>> 0, c: 0x9e3779b9, counter: 1 }
  for (let i = 0; i < 15; i++) next(random)
  return random
}

function next(random: Random): number {
  const result = (random.a + random.b + random.counter) >>> 0
  random.counter = (random.counter + 1) >>> 0
  random.a = (random.b ^ (random.b >>> 9)) >>> 0
  random.b = (random.c + (random.c << 3)) >>> 0
  random.c = (((random.c << 21) | (random.c >>> 11)) + result) >>> 0
  return result
}

/** A whole number from 0 to `below` − 1. */
export function pick(random: Random, below: number): number {
  return Math.floor((next(random) / 2 ** 32) * below)
}
