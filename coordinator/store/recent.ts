/** A volunteer who stops halves their recent average every week, as in BOINC. */
const HALF_LIFE_DAYS = 7
const DAY_MS = 86_400_000
const HALF_LIFE_MS = HALF_LIFE_DAYS * DAY_MS
/** Weights are relative to this moment. A double holds 2^±1022, so sums stay in range from 2021 to 2059. */
const LANDMARK_MS = Date.UTC(2040, 0, 1)

/**
 * What one credit earned at `at` adds to a weighted sum that never needs decaying: newer credit weighs more instead
 * (forward decay: Cormode, Shkapenyuk, Srivastava, Xu, "Forward Decay", ICDE 2009). So the sum is additive, like every
 * other total, and its order is the order of the recent averages at any moment.
 */
export function recentWeight(at: number): number {
  return 2 ** ((at - LANDMARK_MS) / HALF_LIFE_MS)
}

/**
 * Recent average credit per day at `now`: Σ creditᵢ × (ln 2 / 7 days) × 2^(−(now − atᵢ) / 7 days), which for a steady
 * earner tends to what they earn a day. A revocation weighs a little more than what it revokes; never below zero.
 */
export function recentPerDay(weightedSum: number, now: number): number {
  return Math.max(0, ((weightedSum * Math.LN2) / HALF_LIFE_DAYS) * 2 ** ((LANDMARK_MS - now) / HALF_LIFE_MS))
}

/** UTC calendar day, YYYY-MM-DD. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** First and last day of the `days` UTC calendar days that end with today. */
export function windowOf(days: number, now: number): { first: string; last: string } {
  return { first: dayOf(now - (days - 1) * DAY_MS), last: dayOf(now) }
}
