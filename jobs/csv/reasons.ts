/** What is no number that can be computed with. */
export const UNREADABLE = [1, 2, 3] as const
export const NEGATIVE = 4
export const OUTSIDE = 5
export const NOT_A_TIME = 6
export const TOO_LONG = 7

/** By the numbers the kernel gives. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'not a number',
  2: 'exponent beyond 400',
  3: 'too large for a double',
  [NEGATIVE]: 'below zero',
  [OUTSIDE]: 'outside the price range',
  [NOT_A_TIME]: 'not a time in this format',
  [TOO_LONG]: 'record over 1 MiB',
}

export function reasonText(reason: number): string {
  return REASONS[reason] ?? 'unknown'
}
