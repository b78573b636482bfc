import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Feed, FeedEvent } from '../../market/server/feed.ts'
import { type LiveOptions, openLive } from '../../market/server/live.ts'
import { coinbase, kraken, type Venue } from '../../market/server/venues.ts'

// Live feeds against local servers that speak the venues' documented messages.

interface Exchange {
  readonly url: string
  readonly sockets: WebSocket[]
  /** What the feed said, in order. */
  readonly heard: unknown[]
  /** Paths asked for over REST, and what to answer. */
  readonly asked: string[]
  rest: (path: string) => unknown
}

const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

async function exchange(): Promise<Exchange> {
  const found: Exchange = { url: '', sockets: [], heard: [], asked: [], rest: () => [] }
  const server: Server = createServer((request, response) => {
    found.asked.push(request.url ?? '')
    response.setHeader('content-type', 'application/json').end(JSON.stringify(found.rest(request.url ?? '')))
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    found.sockets.push(socket)
    socket.on('message', (data) => found.heard.push(JSON.parse(data.toString())))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close() {
      for (const socket of found.sockets) socket.terminate()
      sockets.close()
      server.close()
    },
  })
  return Object.assign(found, { url: `127.0.0.1:${(server.address() as AddressInfo).port}` })
}

function listen(venue: Venue, options: LiveOptions = {}): FeedEvent[] {
  const events: FeedEvent[] = []
  const feed: Feed = openLive(venue, (event) => events.push(event), { firstRetryMs: 1, random: () => 0.5, ...options })
  open.push(feed)
  return events
}

const on = (to: Exchange) => ({
  kraken: kraken({ socket: `ws://${to.url}/v2`, rest: `http://${to.url}/0/public/Trades` }),
  coinbase: coinbase({ socket: `ws://${to.url}`, rest: `http://${to.url}` }),
})

const krakenTrade = (seconds: number, price: number) =>
  JSON.stringify({
    channel: 'trade',
    type: 'update',
    data: [
      { symbol: 'BTC/USD', side: 'buy', price, qty: 1, ord_type: 'market', trade_id: 1, timestamp: time(seconds) },
    ],
  })
const match = (seconds: number, price: string, type = 'match') =>
  JSON.stringify({ type, trade_id: seconds, product_id: 'BTC-USD', price, size: '1', side: 'buy', time: time(seconds) })

function time(seconds: number): string {
  return new Date(1_700_000_000_000 + seconds * 1000).toISOString()
}

const pricesIn = (events: readonly FeedEvent[]) =>
  events.flatMap((event) => (event.type === 'ticks' ? event.ticks.map(({ units }) => units / 1e8) : []))
const typesIn = (events: readonly FeedEvent[]) => events.map(({ type }) => type)

test('[Q7] Kraken: it subscribes, hears trades, comes back after a loss and fills what it missed', async () => {
  const server = await exchange()
  const events = listen(on(server).kraken)
  await vi.waitFor(() => expect(server.heard).toHaveLength(1))
  expect(server.heard[0]).toEqual({
    method: 'subscribe',
    params: { channel: 'trade', symbol: ['BTC/USD'], snapshot: true },
  })
  server.sockets[0]!.send(JSON.stringify({ channel: 'heartbeat' }))
  server.sockets[0]!.send(krakenTrade(1, 60_000.1))
  await vi.waitFor(() => expect(pricesIn(events)).toEqual([60_000.1]))
  const second = 1_700_000_000
  server.rest = () => ({
    error: [],
    result: {
      XXBTZUSD: [
        ['60001.50000', '0.3', second + 2.25, 'b', 'm', '', 2],
        ['60002.50000', '0.1', second + 3.5, 's', 'l', '', 3],
      ],
      last: '1688671969993150842',
    },
  })
  server.sockets[0]!.close()
  await vi.waitFor(() => expect(server.sockets).toHaveLength(2))
  // The snapshot repeats an old trade, then a new one comes while the gap is still being filled.
  server.sockets[1]!.send(krakenTrade(1, 60_000.1))
  server.sockets[1]!.send(krakenTrade(5, 60_003.5))
  await vi.waitFor(() => expect(pricesIn(events)).toEqual([60_000.1, 60_001.5, 60_002.5, 60_003.5]))
  expect(server.asked).toEqual(['/0/public/Trades?pair=XBTUSD&since=1700000001000000000'])
  expect(typesIn(events)).toContain('lost')
})

test('[Q7] Coinbase: it subscribes, pages back through trades newest first, and says what stays a gap', async () => {
  const server = await exchange()
  const events = listen(on(server).coinbase, { since: 1_700_000_000_000 })
  server.rest = (path) =>
    path.includes('after=')
      ? [{ time: time(-5), trade_id: 8, price: '59000.00', size: '1', side: 'buy' }]
      : [
          { time: time(2), trade_id: 10, price: '60002.00', size: '1', side: 'buy' },
          { time: time(1), trade_id: 9, price: '60001.00', size: '1', side: 'buy' },
        ]
  await vi.waitFor(() => expect(pricesIn(events)).toEqual([60_001, 60_002]))
  expect(server.heard[0]).toEqual({ type: 'subscribe', product_ids: ['BTC-USD'], channels: ['matches', 'heartbeat'] })
  expect(server.asked).toEqual(['/products/BTC-USD/trades?limit=1000', '/products/BTC-USD/trades?limit=1000&after=9'])
  server.sockets[0]!.send(match(2, '60002.00', 'last_match'))
  server.sockets[0]!.send(match(3, '60003.12345678'))
  await vi.waitFor(() => expect(pricesIn(events)).toEqual([60_001, 60_002, 60_003.12345678]))

  server.rest = () => ({ message: 'NotFound' })
  server.sockets[0]!.terminate()
  await vi.waitFor(() => expect(server.sockets).toHaveLength(2))
  server.sockets[1]!.send(match(100, '60100.00'))
  await vi.waitFor(() => expect(pricesIn(events).at(-1)).toBe(60_100))
  await vi.waitFor(() =>
    expect(events.find(({ type }) => type === 'gap')).toEqual({
      type: 'gap',
      from: 1_700_000_003_000,
      to: 1_700_000_100_000,
    }),
  )
})

test('[Q7] rubbish is told and survived; a refusal and a silent link are left and tried again', async () => {
  const server = await exchange()
  const events = listen(on(server).coinbase, { silentMs: 150 })
  await vi.waitFor(() => expect(server.sockets).toHaveLength(1))
  server.sockets[0]!.send('<html>')
  server.sockets[0]!.send(Buffer.from([1, 2, 3]))
  server.sockets[0]!.send(match(1, '-1'))
  server.sockets[0]!.send(match(2, '60000'))
  await vi.waitFor(() => expect(pricesIn(events)).toEqual([60_000]))
  expect(typesIn(events).filter((type) => type === 'rubbish')).toHaveLength(3)
  server.sockets[0]!.send(JSON.stringify({ type: 'error', message: 'Slow down' }))
  await vi.waitFor(() =>
    expect(events.some((event) => event.type === 'lost' && event.because === 'Coinbase refused: Slow down')).toBe(true),
  )
  await vi.waitFor(() =>
    expect(events.some((event) => event.type === 'lost' && event.because.startsWith('Nothing was heard'))).toBe(true),
  )
})

test('[Q7] retries wait longer and longer, up to half a minute, and closing ends them', async () => {
  const pauses: number[] = []
  const pending: (() => void)[] = []
  const clock = {
    now: () => 0,
    after(ms: number, work: () => void) {
      if (ms !== 20_000) {
        pauses.push(ms)
        pending.push(work)
      }
      return { cancel() {} }
    },
  }
  // A port nobody listens on.
  const venue = coinbase({ socket: 'ws://127.0.0.1:1', rest: 'http://127.0.0.1:1' })
  const events: FeedEvent[] = []
  const feed = openLive(venue, (event) => events.push(event), { timer: clock, random: () => 0.9 })
  for (let turn = 1; turn <= 8; turn++) {
    await vi.waitFor(() => expect(pauses).toHaveLength(turn))
    if (turn < 8) pending.shift()!()
  }
  feed.close()
  expect(pauses.every((ms, i) => i === 0 || ms >= pauses[i - 1]!)).toBe(true)
  expect(pauses.at(-1)).toBe(30_000)
  expect(events.every(({ type }) => type === 'lost')).toBe(true)
})
