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
