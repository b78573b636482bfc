import { expect, test } from 'vitest'
import { coinbase, kraken } from '../../market/server/venues.ts'

// The messages as the venues document them.

const krakenTrades = {
  channel: 'trade',
  type: 'update',
  data: [
    {
      symbol: 'BTC/USD',
      side: 'sell',
      price: 64123.1,
      qty: 0.00120746,
      ord_type: 'market',
      trade_id: 4665847,
      timestamp: '2023-09-25T07:48:36.925533Z',
    },
    {
      symbol: 'BTC/USD',
      side: 'buy',
      price: 64123.2,
      qty: 1.4,
      ord_type: 'limit',
      trade_id: 4665848,
      timestamp: '2023-09-25T07:49:36.925603Z',
    },
  ],
}

test('[Q6] Kraken: trades are ticks, heartbeats and acknowledgements are signs of life, refusals say why', () => {
  const read = (message: unknown) => kraken().read(JSON.stringify(message))
  expect(read(krakenTrades)).toEqual({
    type: 'ticks',
    ticks: [
      { at: Date.parse('2023-09-25T07:48:36.925Z'), units: 6_412_310_000_000, source: 'kraken' },
      { at: Date.parse('2023-09-25T07:49:36.925Z'), units: 6_412_320_000_000, source: 'kraken' },
    ],
  })
  expect(read({ channel: 'heartbeat' })).toEqual({ type: 'alive' })
  expect(
    read({
      channel: 'status',
      type: 'update',
      data: [{ system: 'online', api_version: 'v2', connection_id: 1, version: '2.0.0' }],
    }),
  ).toEqual({ type: 'alive' })
  expect(
    read({
      method: 'subscribe',
      result: { channel: 'trade', snapshot: true, symbol: 'BTC/USD' },
      success: true,
      time_in: '2023-09-25T09:17:29.112123Z',
      time_out: '2023-09-25T09:17:29.112157Z',
    }),
  ).toEqual({ type: 'alive' })
  expect(
    read({ error: 'Currency pair not supported BTC/USD', method: 'subscribe', success: false, symbol: 'BTC/USD' }),
  ).toEqual({ type: 'refused', because: 'Currency pair not supported BTC/USD' })
})

test('[Q6] Coinbase: matches are ticks, heartbeats are signs of life, errors say why', () => {
  const read = (message: unknown) => coinbase().read(JSON.stringify(message))
  const match = {
    type: 'match',
    trade_id: 10,
    sequence: 50,
    maker_order_id: 'ac928c66-ca53-498f-9c13-a110027a60e8',
    taker_order_id: '132fb6ae-456b-4654-b4e0-d681ac05cea1',
    time: '2014-11-07T08:19:27.028459Z',
    product_id: 'BTC-USD',
    size: '5.23512',
    price: '400.23',
    side: 'sell',
  }
  const ticks = [{ at: Date.parse('2014-11-07T08:19:27.028Z'), units: 40_023_000_000, source: 'coinbase' }]
  expect(read(match)).toEqual({ type: 'ticks', ticks })
  expect(read({ ...match, type: 'last_match' })).toEqual({ type: 'ticks', ticks })
  expect(
    read({
      type: 'heartbeat',
      sequence: 90,
      last_trade_id: 20,
      product_id: 'BTC-USD',
      time: '2014-11-07T08:19:28.464459Z',
    }),
  ).toEqual({ type: 'alive' })
  expect(read({ type: 'subscriptions', channels: [{ name: 'matches', product_ids: ['BTC-USD'] }] })).toEqual({
    type: 'alive',
  })
  expect(read({ type: 'error', message: 'Failed to subscribe', reason: 'FOO-USD is not a valid product' })).toEqual({
    type: 'refused',
    because: 'Failed to subscribe: FOO-USD is not a valid product',
  })
})

test('[Q6] rubbish from a venue is seen as rubbish', () => {
  const [first] = krakenTrades.data
  const wrong = { ...krakenTrades, data: [{ ...first, price: -1 }] }
  for (const venue of [kraken(), coinbase()]) {
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '{"channel":"trade"}',
      '{"type":"match"}',
      JSON.stringify(wrong),
    ]) {
      expect(venue.read(text)).toEqual({ type: 'rubbish' })
    }
  }
})
