/** Seeded chance of the simulated world (mulberry32, Tommy Ettinger): same seed, same world. 0 ≤ x < 1. */
export type Chance = () => number

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export function between(chance: Chance, low: number, high: number): number {
  return low + (high - low) * chance()
}

export function oneOf<T>(chance: Chance, items: readonly T[]): T {
  return items[Math.floor(chance() * items.length)] as T
}

/** Time until something happens that happens every `meanMs` on average. */
export function waitFor(chance: Chance, meanMs: number): number {
  return -Math.log(1 - chance()) * meanMs
}

/** Well mixed 32 bits of some numbers (murmur3's finaliser). */
export function mix(...words: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const word of words) {
    hash = Math.imul(hash ^ word, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return hash >>> 0
}
