import type { Metadata } from 'next'
import { api } from '../../coordinator/api/index.ts'
import { Sheet } from '../identity/sheet.tsx'
import { type Board, boardKey } from '../live/board.ts'
import { membersOnly } from '../visitor.ts'
import { Standings } from './standings.tsx'
import { BY, SHOWN, WINDOWS } from './windows.ts'

export const metadata: Metadata = { title: 'Leaderboard', description: 'Who made the pool brighter.' }

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
      <h1>Who made it brighter</h1>
      <Standings initial={{ [boardKey(by, window)]: board.items }} by={by} window={window} />
    </Sheet>
  )
}
