import type { LeaderboardItem } from '../../protocol/api.ts'

export type Board = 'day' | 'week' | 'all'
/** Boards by {@link boardKey}. */
export type Boards = Readonly<Record<string, readonly LeaderboardItem[]>>

export const boardKey = (by: 'volunteer' | 'device', window: Board): string => `${by}-${window}`

export const BY = ['volunteer', 'device'] as const
export const WINDOWS: readonly (readonly [Board, string])[] = [
  ['day', 'Today'],
  ['week', 'This week'],
  ['all', 'All time'],
]
/** A room reads a hundred names; everyone finds their own place on /join. */
export const SHOWN = 100
