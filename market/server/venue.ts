import type { Tick } from './feed.ts'

/** What a live source says and understands, by its documented messages. Pure but for `fill`. */
export interface Venue {
  readonly name: string
  /** WebSocket address. */
  readonly url: string
  /** Sent when the connection opens. */
  readonly hello: readonly unknown[]
  read(text: string): VenueMessage
  /** Ticks after `since` (ms), from the source's REST interface, in order of time. */
  fill(since: number, signal: AbortSignal): Promise<Filled>
}

export interface Filled {
  readonly ticks: readonly Tick[]
  /** Where there was more than is asked for at once. */
  readonly hole: 'none' | 'before' | 'after'
}

export type VenueMessage =
  | { readonly type: 'ticks'; readonly ticks: readonly Tick[] }
  /** Heartbeats, acknowledgements and whatever else says that the link lives. */
  | { readonly type: 'alive' }
  | { readonly type: 'refused'; readonly because: string }
  | { readonly type: 'rubbish' }

/** What a message says; undefined when it is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
