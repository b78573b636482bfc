import * as z from 'zod'
import { unitsOf } from './decimal.ts'
import type { Tick } from './feed.ts'
import { type Filled, jsonOf, type Venue, type VenueMessage } from './venue.ts'

// Coinbase Exchange, WebSocket channels `matches` and `heartbeat` (docs.cdp.coinbase.com/exchange/docs/websocket-channels),
// and REST `trades` to fill gaps. Written and tested by the documented messages; not tried against the live service.

const SOURCE = 'coinbase'
const PRODUCT = 'BTC-USD'
/** Pages of a thousand trades asked for at most: a longer gap stays one. */
const MAX_PAGES = 5

const messages = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['match', 'last_match']),
    product_id: z.literal(PRODUCT),
    price: z.string(),
    time: z.string(),
  }),
  z.object({ type: z.enum(['heartbeat', 'subscriptions']) }),
  z.object({ type: z.literal('error'), message: z.string(), reason: z.optional(z.string()) }),
])

/** Newest first. */
const history = z.array(z.object({ time: z.string(), trade_id: z.number(), price: z.string() }))

export function coinbase(
  at = { socket: 'wss://ws-feed.exchange.coinbase.com', rest: 'https://api.exchange.coinbase.com' },
): Venue {
  return {
    name: 'Coinbase',
    url: at.socket,
    hello: [{ type: 'subscribe', product_ids: [PRODUCT], channels: ['matches', 'heartbeat'] }],
    read,
    async fill(since, signal) {
      const found: Tick[] = []
      let hole: Filled['hole'] = 'before'
      let after = ''
      for (let page = 0; page < MAX_PAGES; page++) {
        const answer = await fetch(`${at.rest}/products/${PRODUCT}/trades?limit=1000${after}`, { signal })
        const trades = history.parse(await answer.json())
        const ticks = trades.flatMap(({ price, time }) => tick(price, time))
        found.push(...ticks.filter((one) => one.at > since))
        const oldest = trades[trades.length - 1]
        if (!oldest || Date.parse(oldest.time) <= since) {
          hole = 'none'
          break
        }
        after = `&after=${oldest.trade_id}`
      }
      return { ticks: found.reverse(), hole }
    },
  }
}

function read(text: string): VenueMessage {
  const parsed = messages.safeParse(jsonOf(text))
  if (!parsed.success) return { type: 'rubbish' }
  const message = parsed.data
  switch (message.type) {
    case 'match':
    case 'last_match': {
      const ticks = tick(message.price, message.time)
      return ticks.length === 0 ? { type: 'rubbish' } : { type: 'ticks', ticks }
    }
    case 'error':
      return { type: 'refused', because: [message.message, message.reason].filter(Boolean).join(': ') }
    case 'heartbeat':
    case 'subscriptions':
      return { type: 'alive' }
  }
}

function tick(price: string, time: string): Tick[] {
  const units = unitsOf(price)
  const at = Date.parse(time)
  return units === undefined || !Number.isFinite(at) ? [] : [{ at, units, source: SOURCE }]
}
