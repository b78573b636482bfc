import { api } from '../coordinator/api/index.ts'
import { Closed } from './identity/closed.tsx'
import { Now } from './now.tsx'
import { visitor } from './visitor.ts'

export default async function Home() {
  if (!(await visitor()).enters) return <Closed />
  const [now, today] = await Promise.all([
    api().now(),
    api().leaderboard({ by: 'volunteer', window: 'day', limit: 24 }),
  ])
  return <Now initial={now} people={today.items.map((item) => item.id)} />
}
