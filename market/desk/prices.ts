import type { Share } from '../../jobs/btc/analysis.ts'
import type { DeskState } from './desk.ts'

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

interface PricesNow<State> {
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

/** Decision levels, and how they came about. */
export interface DeskLevels {
  /** In order of time, prices in USD; empty before they are computed. */
  readonly steps: readonly { readonly from: string; readonly to: string; readonly level: number }[]
  readonly computed: {
    /** When. */
    readonly at: string
    /** From how many prices, the first and the last of which came at these times. */
    readonly points: number
    readonly from: string
    readonly to: string
    /** How many devices computed or checked it, and whose they are. */
    readonly devices: number
    readonly people: readonly string[]
    readonly job: string
  } | null
  /** A sentence where nothing newer comes. */
  readonly waiting: string | null
}

/** Where the next prices are expected. */
export interface DeskBand {
  /** It was drawn at this price, and foretells the next `ahead` ones. */
  readonly at: string
  readonly ahead: number
  readonly level: number
  readonly low: number
  readonly high: number
  /** The share asked for, and the one measured on `count` earlier prices that no fit had seen. */
  readonly coverage: Share & { readonly asked: number; readonly count: number }
}

/** The desk with what the pool computes for it: the shape of `GET /api/v1/btc/state`. */
export interface PoolDesk extends DeskState {
  readonly levels: DeskLevels
  readonly band: DeskBand | null
}
