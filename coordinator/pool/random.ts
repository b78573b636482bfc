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
