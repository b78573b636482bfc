import * as z from 'zod'
import { type Tick, unitsOf } from './feed.ts'

// The live sources: Coinbase Exchange (docs.cdp.coinbase.com/exchange/docs/websocket-channels) and Kraken
// (docs.kraken.com/api/docs/websocket-v2/trade), each by its WebSocket and by its REST interface, which fills gaps.
// Written and tested by the documented messages; not tried against the live services.

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

type VenueMessage =
  | { readonly type: 'ticks'; readonly ticks: readonly Tick[] }
  /** Heartbeats, acknowledgements and whatever else says that the link lives. */
  | { readonly type: 'alive' }
  | { readonly type: 'refused'; readonly because: string }
  | { readonly type: 'rubbish' }

const PAGE = 1000
/** Pages of a thousand trades asked for at most: what is left of a longer gap stays one. */
const MAX_PAGES = 5

const coinbaseMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['match', 'last_match']),
    product_id: z.literal('BTC-USD'),
    price: z.string(),
    time: z.string(),
  }),
  z.object({ type: z.enum(['heartbeat', 'subscriptions']) }),
  z.object({ type: z.literal('error'), message: z.string(), reason: z.optional(z.string()) }),
])

/** Newest first. */
const coinbaseTrades = z.array(z.object({ time: z.string(), trade_id: z.number(), price: z.string() }))

export function coinbase(
  at = { socket: 'wss://ws-feed.exchange.coinbase.com', rest: 'https://api.exchange.coinbase.com' },
): Venue {
  const tick = (price: string, time: string) => ticksOf('coinbase', price, Date.parse(time))
  return {
    name: 'Coinbase',
    url: at.socket,
    hello: [{ type: 'subscribe', product_ids: ['BTC-USD'], channels: ['matches', 'heartbeat'] }],
    read(text) {
      const message = parsed(coinbaseMessage, text)
      switch (message?.type) {
        case 'match':
        case 'last_match':
          return told(tick(message.price, message.time))
        case 'error':
          return { type: 'refused', because: [message.message, message.reason].filter(Boolean).join(': ') }
        case 'heartbeat':
        case 'subscriptions':
          return { type: 'alive' }
        case undefined:
          return { type: 'rubbish' }
      }
    },
    async fill(since, signal) {
      const found: Tick[] = []
      let after = ''
      for (let page = 0; page < MAX_PAGES; page++) {
        const answer = await fetch(`${at.rest}/products/BTC-USD/trades?limit=${PAGE}${after}`, { signal })
        const trades = coinbaseTrades.parse(await answer.json())
        const ticks = trades.flatMap(({ price, time }) => tick(price, time))
        found.push(...ticks.filter((one) => one.at > since))
        const oldest = trades[trades.length - 1]
        if (!oldest || Date.parse(oldest.time) <= since) return { ticks: found.reverse(), hole: 'none' }
        after = `&after=${oldest.trade_id}`
      }
      return { ticks: found.reverse(), hole: 'before' }
    },
  }
}

const krakenTrade = z.object({ symbol: z.literal('BTC/USD'), price: z.number(), timestamp: z.string() })
const krakenMessage = z.union([
  z.object({ channel: z.literal('trade'), type: z.enum(['snapshot', 'update']), data: z.array(krakenTrade) }),
  z.object({ channel: z.enum(['heartbeat', 'status']) }),
  z.object({ method: z.string(), success: z.boolean(), error: z.optional(z.string()) }),
  z.object({ method: z.literal('pong') }),
])

/** `{ error: [], result: { XXBTZUSD: [[price, volume, seconds, side, kind, misc, id], …], last } }` */
const krakenHistory = z.object({
  error: z.array(z.string()),
  result: z.optional(z.record(z.string(), z.unknown())),
})
const krakenTrades = z.array(z.tuple([z.string(), z.string(), z.number()], z.unknown()))

export function kraken(
  at = { socket: 'wss://ws.kraken.com/v2', rest: 'https://api.kraken.com/0/public/Trades' },
): Venue {
  return {
    name: 'Kraken',
    url: at.socket,
    hello: [{ method: 'subscribe', params: { channel: 'trade', symbol: ['BTC/USD'], snapshot: true } }],
    read(text) {
      const message = parsed(krakenMessage, text)
      if (!message) return { type: 'rubbish' }
      if ('success' in message && !message.success) {
        return { type: 'refused', because: message.error ?? 'no reason given' }
      }
      if (!('data' in message)) return { type: 'alive' }
      // Prices are JSON numbers; their shortest decimal is the text that was sent.
      const ticks = message.data.flatMap(({ price, timestamp }) =>
        ticksOf('kraken', String(price), Date.parse(timestamp)),
      )
      return told(ticks.sort((a, b) => a.at - b.at))
    },
    async fill(since, signal) {
      const ticks: Tick[] = []
      // Exclusive, in nanoseconds; the oldest trades after it come back.
      let next = `${Math.floor(since)}000000`
      for (let page = 0; page < MAX_PAGES; page++) {
        const answer = await fetch(`${at.rest}?pair=XBTUSD&since=${next}`, { signal })
        const { error, result } = krakenHistory.parse(await answer.json())
        if (error.length > 0 || !result) throw new Error(error.join(', '))
        const trades = krakenTrades.parse(Object.entries(result).find(([name]) => name !== 'last')?.[1] ?? [])
        for (const [price, , seconds] of trades) ticks.push(...ticksOf('kraken', price, Math.floor(seconds * 1000)))
        next = String(result['last'])
        if (trades.length < PAGE) return { ticks, hole: 'none' }
      }
      return { ticks, hole: 'after' }
    },
  }
}

/** The message as its schema has it; undefined when it is no JSON or something else. */
function parsed<Message>(schema: z.ZodType<Message>, text: string): Message | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** One tick, or none where price or time are not what they should be. */
function ticksOf(source: string, price: string, at: number): Tick[] {
  const units = unitsOf(price)
  return units === undefined || !Number.isFinite(at) ? [] : [{ at, units, source }]
}

function told(ticks: readonly Tick[]): VenueMessage {
  return ticks.length === 0 ? { type: 'rubbish' } : { type: 'ticks', ticks }
}
