import * as z from 'zod'
import { unitsOf } from './decimal.ts'
import type { Tick } from './feed.ts'
import { jsonOf, type Venue, type VenueMessage } from './venue.ts'

// Kraken, WebSocket API v2, channel `trade` (docs.kraken.com/api/docs/websocket-v2/trade), and REST `Trades` to fill
// gaps. Written and tested by the documented messages; not tried against the live service.

const SOURCE = 'kraken'
const SYMBOL = 'BTC/USD'
const PAGE = 1000
/** Pages of a thousand trades asked for at most: what is left of a longer gap stays one. */
const MAX_PAGES = 5

const trade = z.object({ symbol: z.literal(SYMBOL), price: z.number(), timestamp: z.string() })
const messages = z.union([
  z.object({ channel: z.literal('trade'), type: z.enum(['snapshot', 'update']), data: z.array(trade) }),
  z.object({ channel: z.enum(['heartbeat', 'status']) }),
  z.object({ method: z.string(), success: z.boolean(), error: z.optional(z.string()) }),
  z.object({ method: z.literal('pong') }),
])

/** `{ error: [], result: { XXBTZUSD: [[price, volume, seconds, side, kind, misc, id], …], last } }` */
const history = z.object({
  error: z.array(z.string()),
  result: z.optional(z.record(z.string(), z.unknown())),
})
const past = z.array(z.tuple([z.string(), z.string(), z.number()], z.unknown()))

export function kraken(
  at = { socket: 'wss://ws.kraken.com/v2', rest: 'https://api.kraken.com/0/public/Trades' },
): Venue {
  return {
    name: 'Kraken',
    url: at.socket,
    hello: [{ method: 'subscribe', params: { channel: 'trade', symbol: [SYMBOL], snapshot: true } }],
    read,
    async fill(since, signal) {
      const ticks: Tick[] = []
      // Exclusive, in nanoseconds; the oldest trades after it come back.
      let next = `${Math.floor(since)}000000`
      for (let page = 0; page < MAX_PAGES; page++) {
        const answer = await fetch(`${at.rest}?pair=XBTUSD&since=${next}`, { signal })
        const { error, result } = history.parse(await answer.json())
        if (error.length > 0 || !result) throw new Error(error.join(', '))
        const trades = past.parse(Object.entries(result).find(([name]) => name !== 'last')?.[1] ?? [])
        ticks.push(...trades.flatMap(([price, , seconds]) => tick(price, Math.floor(seconds * 1000))))
        next = String(result['last'])
        if (trades.length < PAGE) return { ticks, hole: 'none' }
      }
      return { ticks, hole: 'after' }
    },
  }
}

function read(text: string): VenueMessage {
  const parsed = messages.safeParse(jsonOf(text))
  if (!parsed.success) return { type: 'rubbish' }
  const message = parsed.data
  if ('success' in message && !message.success) return { type: 'refused', because: message.error ?? 'no reason given' }
  if (!('data' in message)) return { type: 'alive' }
  // Prices are JSON numbers; their shortest decimal is the text that was sent.
  const ticks = message.data.flatMap(({ price, timestamp }) => tick(String(price), Date.parse(timestamp)))
  return ticks.length === 0 ? { type: 'rubbish' } : { type: 'ticks', ticks: ticks.sort((a, b) => a.at - b.at) }
}

function tick(price: string, at: number): Tick[] {
  const units = unitsOf(price)
  return units === undefined || !Number.isFinite(at) ? [] : [{ at, units, source: SOURCE }]
}
