import { count } from '../../components/words/count.ts'
import { Between } from '../../components/words/time.tsx'
import { Why } from '../../components/words/why.tsx'
import type { FeedNow } from '../desk/prices.ts'

/** What was not counted, and what is not known: said, never hidden. */
export function LeftOut({ feed }: { readonly feed: FeedNow }) {
  const { outOfOrder, duplicate, spike, future, rubbish } = feed.excluded
  const all: readonly (readonly [number: number, what: string, words: string])[] = [
    [spike, 'price', 'five times higher or lower than those before'],
    [outOfOrder, 'price', 'older than the one before'],
    [duplicate, 'price', 'with the time of the one before'],
    [future, 'price', 'with a time to come'],
    [rubbish, 'message', 'without a price that counts'],
  ]
  const said = all.filter(([number]) => number > 0)
  if (said.length === 0 && feed.gaps.length === 0) return null
  return (
    <section aria-label="Left out" className="mt-8">
      <h2>Left out</h2>
      <ul className="mt-1 text-small text-quiet">
        {said.map(([number, what, words]) => (
          <li key={words}>
            {count(number, what)} {words}
          </li>
        ))}
        {feed.gaps.map(({ from, to }) => (
          <li key={from}>
            Nothing is known from <Between from={from} to={to} />
          </li>
        ))}
      </ul>
      <p className="text-small">
        <Why about="what is left out">
          A price at least five times higher or lower than the last one counts only when three in a row agree; in a
          recording, when its neighbours do. A price that is zero, negative or no number does not count, nor does what
          cannot be read at all.
        </Why>
      </p>
    </section>
  )
}
