import type { Metadata } from 'next'
import { api } from '../../coordinator/api/index.ts'
import { Sheet } from '../identity/sheet.tsx'
import { membersOnly } from '../visitor.ts'
import { type Board, BY, boardKey, SHOWN, WINDOWS } from './boards.ts'
import { LeaderboardTable } from './leaderboard-table.tsx'

export const metadata: Metadata = {
  title: 'Leaderboard',
  description: 'Everyone whose devices computed for this pool.',
}

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function Leaderboard({ searchParams }: Props) {
  await membersOnly()
  const wish = await searchParams
  const by = BY.find((one) => one === wish['by']) ?? 'volunteer'
  const window: Board = WINDOWS.find(([one]) => one === wish['window'])?.[0] ?? 'all'
  const [now, board] = await Promise.all([api().now(), api().leaderboard({ by, window, limit: SHOWN })])
  return (
    <Sheet here="/leaderboard" devices={now.devices} people={board.items.map((item) => item.id)}>
      <h1>Leaderboard</h1>
      <p className="mt-1 text-quiet">Everyone whose devices computed for this pool.</p>
      <LeaderboardTable initial={{ [boardKey(by, window)]: board.items }} by={by} window={window} />
    </Sheet>
  )
}
