import { between, type Chance, oneOf } from './chance.ts'

/** How a device behaves; what it is. */
export interface Profile {
  readonly type: 'phone' | 'laptop' | 'pi' | 'workstation'
  readonly threads: number
  /** Speed of a thread, 1 = a laptop. */
  readonly speed: number
  readonly latencyMs: number
  readonly character: Character
}

/**
 * `liar`: lies on its own from the first task. `patient`: honest until believed, then lies on its own. `colluder`: honest until
 * believed, then tells the lie all colluders have agreed on.
 */
export type Character = 'honest' | 'liar' | 'patient' | 'colluder'

const TYPES = [
  { type: 'phone', threads: 1, slow: 0.15, fast: 0.4 },
  { type: 'phone', threads: 1, slow: 0.15, fast: 0.4 },
  { type: 'laptop', threads: 3, slow: 0.7, fast: 1.3 },
  { type: 'laptop', threads: 2, slow: 0.7, fast: 1.3 },
  { type: 'pi', threads: 4, slow: 0.05, fast: 0.12 },
  { type: 'workstation', threads: 8, slow: 1.2, fast: 2 },
] as const

export function profile(chance: Chance, shares: { readonly liars: number; readonly colluding: number }): Profile {
  const { type, threads, slow, fast } = oneOf(chance, TYPES)
  return {
    type,
    threads,
    speed: between(chance, slow, fast),
    latencyMs: between(chance, 5, 120),
    character: character(chance, shares),
  }
}

function character(
  chance: Chance,
  { liars, colluding }: { readonly liars: number; readonly colluding: number },
): Character {
  const draw = chance()
  if (draw < colluding) return 'colluder'
  if (draw < colluding + liars) return chance() < 0.5 ? 'liar' : 'patient'
  return 'honest'
}
