import type { Metadata } from 'next'
import Link from 'next/link'
import QRCode from 'qrcode'
import { api } from '../../coordinator/api/index.ts'
import { Closed } from '../identity/sheet.tsx'
import { visitor } from '../visitor.ts'
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

/** Cells of white around the code; scanners ask for four. */
const MARGIN = 4

/** A link as a QR code, drawn as one path. Always dark on light: that is what cameras look for. */
function Qr({ link, className = '' }: { readonly link: string; readonly className?: string }) {
  const { modules } = QRCode.create(link, { errorCorrectionLevel: 'M' })
  const side = modules.size + 2 * MARGIN
  let path = ''
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) if (modules.get(y, x)) path += `M${x + MARGIN} ${y + MARGIN}h1v1h-1z`
  }
  return (
    <svg
      viewBox={`0 0 ${side} ${side}`}
      className={className}
      role="img"
      aria-label={`QR code of ${link.replace(/#.*/, '')}`}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} rx="2" fill="#f4fbfb" />
      <path d={path} fill="#06202e" />
    </svg>
  )
}
