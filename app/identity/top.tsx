import Link from 'next/link'
import { Wordmark } from './mark.tsx'

const PLACES = [
  ['/jobs', 'Jobs'],
  ['/leaderboard', 'Leaderboard'],
  ['/btc', 'BTC'],
] as const

/** The way home and the two lists; quiet, the same on every page. */
export function Top({ here = '' }: { readonly here?: string }) {
  return (
    <nav
      aria-label="Pool"
      className="over-picture relative z-10 flex items-center justify-between gap-4 px-5 py-4 sm:px-8 sm:py-6"
    >
      <Link href="/" prefetch={false} className="text-ink no-underline text-[1.35rem] leading-none">
        <Wordmark />
      </Link>
      <span className="flex gap-1 text-small">
        {PLACES.map(([href, name]) => (
          <Link
            key={href}
            href={href}
            prefetch={false}
            aria-current={here === href ? 'page' : undefined}
            className="rounded-full px-3 py-2 text-ink no-underline hover:bg-ink/10 aria-[current]:bg-ink/10"
          >
            {name}
          </Link>
        ))}
      </span>
    </nav>
  )
}
