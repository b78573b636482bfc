import type { LeaderboardItem } from '../../protocol/api.ts'

export type Board = 'day' | 'week' | 'all'
/** Boards by {@link boardKey}. */
export type Boards = Readonly<Record<string, readonly LeaderboardItem[]>>

export const boardKey = (by: 'volunteer' | 'device', window: Board): string => `${by}-${window}`
