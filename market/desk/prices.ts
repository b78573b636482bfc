import type { DeskState } from './desk.ts'
import type { PoolDesk } from './levels.ts'

/** Prices that run in the coordinator: what the desk and `/api/v1/btc` are fed from. */
export interface Prices extends Ticker<PoolDesk> {
  /** @param looks false: without a wish for levels and band, which the pool computes only while somebody looks */
  now(looks?: boolean): PricesNow<PoolDesk>
  listen(listener: (news: News<PoolDesk>) => void, looks?: boolean): () => void
}

/** Prices and the desk of one stream of them. */
export interface Ticker<State extends DeskState = DeskState> {
  now(): PricesNow<State>
  /** Ticks kept, the newest `limit`, oldest first. */
  recent(limit: number): readonly Point[]
  /** Calls back with whatever is new until the returned function is called. */
  listen(listener: (news: News<State>) => void): () => void
  close(): Promise<void>
}

export interface PricesNow<State> {
  readonly feed: FeedNow
  readonly state: State
}

/** A tick as pages get it: milliseconds since 1970, and units of 10⁻⁸ USD. */
export type Point = readonly [at: number, units: number]

export type News<State = DeskState> =
  | { readonly type: 'points'; readonly points: readonly Point[] }
  /** Follows every batch of points, and comes alone when prices go stale. */
  | { readonly type: 'state'; readonly state: State }
  | { readonly type: 'feed'; readonly feed: FeedNow }

/** How the source is doing. */
export interface FeedNow {
  /** For people: "Kraken", "Replay of the synthetic sample". */
  readonly name: string
  readonly live: boolean
  readonly status: 'waiting' | 'connected' | 'lost' | 'ended' | 'off'
  /** A sentence when something is to be said about it. */
  readonly trouble: string | null
  /** Ticks left out so far, by reason, and messages that could not be understood. */
  readonly excluded: Readonly<Record<'outOfOrder' | 'duplicate' | 'spike' | 'future' | 'rubbish', number>>
  /** Gaps in what is known, the latest last: lost and not to be had afterwards, or a day or more without a price. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
}
