'use client'
import { usd } from '../../components/words/count.ts'
import { Moment } from '../../components/words/time.tsx'
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
