import Link from 'next/link'
import type { ReactNode } from 'react'
import { Lost } from '../live/live.tsx'
import { Water } from '../water/water.tsx'

/** A page of words: water above, the text below it. */
export function Sheet({
  here = '',
  devices = 0,
  people = [],
  wide = false,
  children,
}: {
  readonly here?: string
  readonly devices?: number
  readonly people?: readonly string[]
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  return (
    <div className="relative isolate flex min-h-dvh flex-col">
      <div className="absolute inset-x-0 top-0 -z-10 h-72">
        <Water devices={devices} people={people} fade />
      </div>
      <Top here={here} />
      <main className={`mx-auto w-full grow px-5 pt-6 pb-20 sm:px-8 ${wide ? 'max-w-[88rem]' : 'max-w-4xl'}`}>
        {children}
      </main>
      <Lost />
    </div>
  )
}

/** Where a pool key is needed and this browser has shown none. */
export function Closed({ next = '/admin' }: { readonly next?: string }) {
  return (
    <Sheet>
      <h1>This pool asks for a key</h1>
      <p className="mt-4">
        Scan the code on its big screen, or open the whole link you were given: the key is its last part. After that
        this browser is known here.
      </p>
      <p className="mt-6">
        <Link href={next === '/admin' ? next : `/admin?next=${next}`} prefetch={false} className="do">
          I run this pool
        </Link>
      </p>
    </Sheet>
  )
}

const PLACES = [
  ['/jobs', 'Jobs'],
  ['/leaderboard', 'Leaderboard'],
  ['/btc', 'BTC'],
] as const

/** The way home and the two lists; quiet, the same on every page. */
export function Top({ here = '' }: { readonly here?: string }) {
  return (
    <nav aria-label="Pool" className="relative z-10 flex items-center justify-between gap-2 px-5 py-4 sm:px-8 sm:py-6">
      <Link href="/" prefetch={false} className="text-ink no-underline text-[1.35rem] leading-none">
        <Wordmark />
      </Link>
      <span className="flex text-small sm:gap-1">
        {PLACES.map(([href, name]) => (
          <Link
            key={href}
            href={href}
            prefetch={false}
            aria-current={here === href ? 'page' : undefined}
            className="rounded-full px-1.5 py-2 sm:px-3 text-ink no-underline hover:bg-ink/10 aria-[current]:bg-ink/10"
          >
            {name}
          </Link>
        ))}
      </span>
    </nav>
  )
}

// Two ripples meet, and where they meet it is bright: the whole project in one figure.

const CENTRE = 16
const RADIUS = 9
const APART = 9.6
const LEFT = CENTRE - APART / 2
const RIGHT = CENTRE + APART / 2
const HALF_CHORD = Math.sqrt(RADIUS ** 2 - (APART / 2) ** 2)
const LENS = `M${CENTRE} ${CENTRE - HALF_CHORD}A${RADIUS} ${RADIUS} 0 0 1 ${CENTRE} ${CENTRE + HALF_CHORD}A${RADIUS} ${RADIUS} 0 0 1 ${CENTRE} ${CENTRE - HALF_CHORD}Z`

/** The two ripples alone; colour of the rings is the text's. */
function Mark({ className = '' }: { readonly className?: string }) {
  return (
    <svg viewBox="0.5 5.3 31 21.4" className={className} aria-hidden="true">
      <path d={LENS} fill="var(--sun)" />
      <g fill="none" stroke="currentColor" strokeWidth="3.3">
        <circle cx={LEFT} cy={CENTRE} r={RADIUS} />
        <circle cx={RIGHT} cy={CENTRE} r={RADIUS} />
      </g>
    </svg>
  )
}

/** The name, its two o's being the ripples. */
export function Wordmark({ className = '' }: { readonly className?: string }) {
  return (
    <span className={`inline-flex items-baseline font-semibold tracking-[-0.045em] ${className}`}>
      <span className="sr-only">PoolParty</span>
      <span aria-hidden="true">p</span>
      <Mark className="mx-[0.02em] h-[0.56em] w-auto translate-y-[0.012em]" />
      <span aria-hidden="true">lparty</span>
    </span>
  )
}
