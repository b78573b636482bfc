export const TOO_LONG = 7

/** By the numbers the kernel gives. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'not a number',
  2: 'exponent beyond 400',
  3: 'too large for a double',
  4: 'below zero',
  5: 'outside the price range',
  6: 'not a time in this format',
  [TOO_LONG]: 'record over 1 MiB',
}

export function reasonText(reason: number): string {
  return REASONS[reason] ?? 'unknown'
}
