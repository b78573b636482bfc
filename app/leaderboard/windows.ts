import type { Board } from '../live/board.ts'

export const BY = ['volunteer', 'device'] as const
export const WINDOWS: readonly (readonly [Board, string])[] = [
  ['day', 'Today'],
  ['week', 'This week'],
  ['all', 'All time'],
]
/** A room reads a hundred names; everyone finds their own place on /join. */
export const SHOWN = 100
