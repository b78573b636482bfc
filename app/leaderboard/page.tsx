import type { Metadata } from 'next'
import { api } from '../../coordinator/api/index.ts'
import { Sheet } from '../identity/sheet.tsx'
import { membersOnly } from '../visitor.ts'
import { LeaderboardTable } from './leaderboard-table.tsx'

export const metadata: Metadata = {
  title: 'Leaderboard',
  description: 'Everyone whose devices computed for this pool.',
}

/** A room reads a hundred names; everyone finds their own place on /join. */
const SHOWN = 100

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function Leaderboard({ searchParams }: Props) {
  await membersOnly()
  const wish = await searchParams
  const by = (['volunteer', 'device'] as const).find((one) => one === wish['by']) ?? 'volunteer'
  const window = (['day', 'week', 'all'] as const).find((one) => one === wish['window']) ?? 'all'
  const [now, board] = await Promise.all([api().now(), api().leaderboard({ by, window, limit: SHOWN })])
  return (
    <Sheet here="/leaderboard" devices={now.devices} people={board.items.map((item) => item.id)}>
      <h1>Leaderboard</h1>
      <p className="mt-1 text-quiet">Everyone whose devices computed for this pool.</p>
      <LeaderboardTable items={board.items} by={by} window={window} most={SHOWN} />
    </Sheet>
  )
}
