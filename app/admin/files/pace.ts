// How fast bytes go lately, and how long the rest takes.

const WINDOW_MS = 8_000
/** Less says nothing yet. */
const ENOUGH_MS = 1_500

export interface Pace {
  /** Bytes a second; null until it is known. */
  readonly speed: number | null
  readonly seen: readonly { readonly at: number; readonly bytes: number }[]
}

export const NO_PACE: Pace = { speed: null, seen: [] }

/** @param at milliseconds of any steady clock @param bytes done by then, never fewer than before */
export function paceOf({ seen }: Pace, at: number, bytes: number): Pace {
  const recent = [...seen.filter((one) => at - one.at < WINDOW_MS), { at, bytes }]
  const first = recent[0]!
  const took = at - first.at
  return { seen: recent, speed: took < ENOUGH_MS ? null : ((bytes - first.bytes) / took) * 1000 }
}
