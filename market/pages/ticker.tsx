'use client'
import { Why } from '../../components/controls/inline.tsx'
import { count, ratio, usd } from '../../components/words/count.ts'
import { Between, Moment } from '../../components/words/time.tsx'
import type { MarketState } from '../desk/average.ts'
import type { DeskState } from '../desk/desk.ts'
import type { FeedNow } from '../desk/prices.ts'

/** Price, when, and from where; in words when it is old. */
export function Ticker({
  state,
  feed,
  connected,
}: {
  readonly state: DeskState
  readonly feed: FeedNow
  readonly connected: boolean
}) {
  const trouble = connected ? (feed.trouble ?? (state.stale && state.at ? 'No new price comes.' : null)) : NOT_CONNECTED
  return (
    <section aria-label="Ticker">
      <p className="desk-price" data-stale={state.stale || !connected}>
        {state.price === null ? 'Waiting for the first price' : usd(state.price)}
      </p>
      <p className="mt-1 text-small text-quiet">
        {state.at ? <Moment at={state.at} /> : null}
        {state.at ? ' · ' : ''}
        {feed.name}
        {feed.live ? '' : ', not live'}
      </p>
      <p role="status" className="mt-1 min-h-6 text-small">
        {trouble ? <strong className="font-semibold">Stale. {trouble}</strong> : null}
      </p>
    </section>
  )
}

const NOT_CONNECTED = 'The connection to the pool is lost; trying again.'

/** The market's state by colour, shape and word: a triangle up, one down, a disc. */
export function MarketLight({ state, tolerance }: { readonly state: MarketState | null; readonly tolerance: number }) {
  return (
    <p className="flex items-center gap-3" data-state={state ?? 'none'}>
      <svg viewBox="0 0 24 24" className="size-8 shrink-0" aria-hidden="true">
        {state === null ? (
          <circle cx="12" cy="12" r="8" fill="none" stroke="var(--quiet)" strokeWidth="2" strokeDasharray="3 3" />
        ) : (
          <path d={SHAPES[state]} fill={COLOURS[state]} />
        )}
      </svg>
      <span>
        <strong className="font-semibold">{state === null ? 'Not known yet' : NAMES[state]}</strong>
        <span className="block text-small text-quiet">{wordsOf(state, tolerance)}</span>
      </span>
    </p>
  )
}

const COLOURS: Readonly<Record<MarketState, string>> = {
  green: 'var(--good)',
  red: 'var(--bad)',
  blue: 'var(--note)',
}
const NAMES: Readonly<Record<MarketState, string>> = { green: 'Green', red: 'Red', blue: 'Blue' }
const SHAPES: Readonly<Record<MarketState, string>> = {
  green: 'M12 3.5 21.5 20.5h-19z',
  red: 'M12 20.5 2.5 3.5h19z',
  blue: 'M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18z',
}

function wordsOf(state: MarketState | null, tolerance: number): string {
  switch (state) {
    case null:
      return 'The average needs more prices first.'
    case 'green':
      return 'The price is above its average.'
    case 'red':
      return 'The price is below its average.'
    case 'blue':
      return `The price is within ${ratio(tolerance, 6)} of its average.`
    default:
      return state satisfies never
  }
}

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
