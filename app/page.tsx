import { connection } from 'next/server'
import { api } from '../coordinator/api/index.ts'
import { Now } from './now.tsx'

export default async function Home() {
  await connection()
  const [now, today] = await Promise.all([
    api().now(),
    api().leaderboard({ by: 'volunteer', window: 'day', limit: 24 }),
  ])
  return <Now initial={now} people={today.items.map((item) => item.id)} />
}
