import type { Skipped } from '../../jobs/btc/series.ts'

/** Where prices come from. It tells what happens until it is closed; it never throws and never ends by itself. */
export interface Feed {
  /** For people: "Kraken", "Replay of …". */
  readonly name: string
  close(): void
}

export type Tell = (event: FeedEvent) => void

export type FeedEvent =
  | { readonly type: 'connected' }
  /** In order of time. `filled`: asked for afterwards, from while the feed was away. */
  | { readonly type: 'ticks'; readonly ticks: readonly Tick[]; readonly filled: boolean }
  /** Nothing is known between these times (ms), and could not be had afterwards. */
  | { readonly type: 'gap'; readonly from: number; readonly to: number }
  /** A message that cannot be understood, shortened. */
  | { readonly type: 'rubbish'; readonly sample: string }
  /** Rows of a recording that the rules of an import leave out. */
  | { readonly type: 'leftOut'; readonly skipped: Skipped }
  | { readonly type: 'lost'; readonly because: string; readonly retryMs: number }
  | { readonly type: 'ended' }

/** Time as feeds need it; tests bring their own. */
export interface Timer {
  now(): number
  /** Runs `work` after `ms`, unless cancelled. */
  after(ms: number, work: () => void): { cancel(): void }
}

export const timer: Timer = {
  now: () => Date.now(),
  after(ms, work) {
    const handle = setTimeout(work, ms)
    return { cancel: () => clearTimeout(handle) }
  },
}

/** One price as it came, whoever told it. */
export interface Tick {
  /** Milliseconds since 1970, by the source's clock. */
  readonly at: number
  /** Whole number of 10⁻⁸ USD. */
  readonly units: number
  /** For example `kraken`, `coinbase`, `replay`, `synthetic`; at most 12 letters. */
  readonly source: string
}
