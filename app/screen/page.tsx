import type { Metadata } from 'next'
import Link from 'next/link'
import { api } from '../../coordinator/api/index.ts'
import { Closed } from '../identity/sheet.tsx'
import { visitor } from '../visitor.ts'
import { Qr } from './qr.tsx'
import { Wall } from './wall.tsx'

export const metadata: Metadata = {
  title: 'Big screen',
  description: 'For the projector: the picture growing, and the code to join.',
}

export default async function Screen() {
  const { admin, enters } = await visitor()
  if (!enters) return <Closed next="/screen" />
  const [now, about, today] = await Promise.all([
    api().now(),
    api().about(),
    api().leaderboard({ by: 'volunteer', window: 'day', limit: 24 }),
  ])
  // With a pool key the code on the wall is the key: only the admin may hang it there.
  const locked = about.poolKeyNeeded && !admin
  return (
    <Wall initial={now} people={today.items.map((item) => item.id)}>
      {locked ? (
        <p className="wall-locked">
          This pool asks for a key.{' '}
          <Link href="/admin?next=/screen" prefetch={false}>
            Unlock this screen
          </Link>{' '}
          to show the code that lets people in.
        </p>
      ) : (
        <>
          <Qr link={about.joinUrl} className="wall-qr" />
          <p className="wall-link">{about.joinUrl.replace(/^https?:\/\//, '').replace(/#.*/, '')}</p>
        </>
      )}
    </Wall>
  )
}
