import { api } from '../coordinator/api/index.ts'
import { Now } from './now.tsx'
import { membersOnly } from './visitor.ts'

export default async function Home() {
  await membersOnly()
  const [now, today] = await Promise.all([
    api().now(),
    api().leaderboard({ by: 'volunteer', window: 'day', limit: 24 }),
  ])
  return <Now initial={now} people={today.items.map((item) => item.id)} />
}
