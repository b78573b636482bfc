import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeSeries } from '../../jobs/btc/series.ts'
import { importSeries } from '../../market/server/import.ts'
import { body } from './bytes.ts'

async function imported(text: string, zone?: string) {
  const answer = await importSeries(body(text), zone)
  if (answer.type !== 'imported') throw new Error(answer.sentence)
  const { prices, times } = decodeSeries(answer.bytes)
  return { ...answer, prices: [...prices], times: [...times].map((at) => new Date(at).toISOString()) }
}

test('[Q1] a header with time and price, in every way times are written', async () => {
  for (const written of [
    '2019-11-01T02:03:01Z',
    '2019-11-01 02:03:01',
    '2019-11-01T03:03:01+01:00',
    '"2019-11-01 02:03:01 UTC"',
    '1572573781',
    '1572573781.000',
    '1572573781000',
    '1572573781000000',
  ]) {
    const { prices, times } = await imported(`time,price\n${written},9111.76\n`)
    expect(prices, written).toEqual([911_176_000_000])
    expect(times, written).toEqual(['2019-11-01T02:03:01.000Z'])
  }
})

test('[Q1] of candles the close is taken, whatever the delimiter and the order of the columns', async () => {
  const { prices } = await imported(
    'Open time;Open;High;Low;Close;Volume\r\n2019-11-01;1;9;1;2.5;7\r\n2019-11-02;2.5;3;2;3;1\r\n',
  )
  expect(prices).toEqual([250_000_000, 300_000_000])
  expect((await imported('Date\tTime\tClose\n2019-11-01\t02:03\t5\n')).times).toEqual(['2019-11-01T02:03:00.000Z'])
})

test('[Q1] the log of the ancestor, and a zone for times that name none', async () => {
  const log = '$9111.76\t$9111.76\t$0.0\t[2:3:1 - 11/1/2019]\n$9116.46\t$9116.46\t$0.0\t[2:4:53 - 11/1/2019]\n'
  expect((await imported(log)).times).toEqual(['2019-11-01T02:03:01.000Z', '2019-11-01T02:04:53.000Z'])
  expect((await imported(log, 'Europe/Berlin')).times[0]).toBe('2019-11-01T01:03:01.000Z')
  expect((await imported(log, '-05:00')).times[0]).toBe('2019-11-01T07:03:01.000Z')
  expect((await imported(log)).prices).toEqual([911_176_000_000, 911_646_000_000])
})

test('[Q1] clocks that jump: the hour shown twice is the first, the hour never shown keeps the old offset', async () => {
  const at = async (time: string) => (await imported(`time,price\n${time},1\n`, 'America/New_York')).times[0]
  expect(await at('2019-11-03T01:30:00')).toBe('2019-11-03T05:30:00.000Z')
  expect(await at('2019-11-03T02:30:00')).toBe('2019-11-03T07:30:00.000Z')
  expect(await at('2019-03-10T02:30:00')).toBe('2019-03-10T07:30:00.000Z')
  expect(await at('2019-03-10T03:30:00')).toBe('2019-03-10T07:30:00.000Z')
})

test('[Q2] an import is sorted by time: a newest-first export gives the same series', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 100, max: 300 }), { minLength: 1, maxLength: 50 }), async (cents) => {
      const rows = cents.map((price, i) => `${1_572_573_781 + i * 60},${price / 100}`)
      const forwards = await imported(`time,price\n${rows.join('\n')}`)
      const backwards = await imported(`time,price\n${rows.toReversed().join('\n')}`)
      expect({ ...backwards, outOfOrder: 0 }).toEqual(forwards)
      expect(backwards.outOfOrder).toBe(cents.length - 1)
    }),
  )
})

test('[Q3] what is left out is left out by reason, and the rest is kept', async () => {
  const answer = await imported(
    [
      'time,price',
      '2019-11-01T00:00:00Z,100',
      '2019-11-01T00:00:15Z,0',
      '2019-11-01T00:00:30Z,-5',
      '2019-11-01T00:00:45Z,NaN',
      '2019-11-01T00:01:00Z,1e300',
      'yesterday,100',
      '2019-13-01T00:00:00Z,100',
      '2019-11-01T00:01:15Z,abc',
      '2019-11-01T00:01:15Z',
      '',
      '2019-11-01T00:00:00Z,100',
      '2019-11-01T00:00:00Z,101',
      '2019-11-01T00:01:30Z,1000',
      '2019-11-01T00:01:45Z,101',
      '2019-11-01T00:02:00Z,10.1',
      '2019-11-01T00:02:15Z,101',
      '2019-11-04T00:00:00Z,102',
    ].join('\n'),
  )
  expect(answer.skipped).toEqual({ unreadable: 4, price: 4, duplicate: 2, spike: 2 })
  expect(answer.prices.map((units) => units / 1e8)).toEqual([100, 101, 101, 102])
  expect(answer).toMatchObject({ points: 4, gaps: 1, outOfOrder: 0 })
})

test('[Q3] a wrong first or last price is a spike too, a new level that lasts is not', async () => {
  const series = async (prices: readonly number[]) =>
    (await imported(`time,price\n${prices.map((price, i) => `${1_572_573_781 + i},${price}`).join('\n')}`)).prices.map(
      (units) => units / 1e8,
    )
  expect(await series([1, 100, 101, 100, 99, 100, 101, 5000])).toEqual([100, 101, 100, 99, 100, 101])
  const jump = [...Array(20).fill(100), ...Array(20).fill(2000)]
  expect(await series(jump)).toEqual(jump)
  expect(await series([...Array(10).fill(100), 3000, 3000, 3000, ...Array(10).fill(100)])).toEqual(Array(20).fill(100))
})

test('[Q3] prices are exact to the eighth decimal', async () => {
  const of = async (text: string) => (await imported(`time,price\n1572573781,${text}`)).prices[0]
  expect(await of('0.00000001')).toBe(1)
  expect(await of('9116.868333335')).toBe(911_686_833_334)
  expect(await of('1.5e4')).toBe(1_500_000_000_000)
  expect(await of('.5')).toBe(50_000_000)
  expect(await of('90000000')).toBe(9_000_000_000_000_000)
  await expect(of('90000000.00000001')).rejects.toThrow('no valid price')
  await expect(of('0.000000001')).rejects.toThrow('no valid price')
})

test('[Q4] rubbish is refused with a sentence', async () => {
  const refusal = async (text: string, zone?: string) => {
    const answer = await importSeries(body(text, 4096), zone)
    return answer.type === 'refused' ? answer.sentence : ''
  }
  expect(await refusal('')).toBe('There is nothing in this file.')
  expect(await refusal('a,b\n1,2')).toMatch(/must name the columns, among them a time and a price/)
  expect(await refusal('time,volume\n1,2')).toMatch(/among them a price/)
  expect(await refusal('time,price\n')).toMatch(/^No row has a time and a price: 0 cannot be read/)
  expect(await refusal('time,price', 'Mars/Base')).toMatch(/^Zone must be UTC/)
  expect(await refusal('\0\0\0'.repeat(100_000))).toMatch(/must name the columns/)
})

test('[Q4] any text is answered and any cutting of it gives the same answer', async () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('2019-11-01', '100', '1572573781', '"', '\r', '$5\t[1:2:3 - 1/1/2019]'),
  )
  const text = fc
    .array(fc.array(cell, { maxLength: 4 }), { maxLength: 20 })
    .map((rows) => `time,price\n${rows.map((row) => row.join(',')).join('\n')}`)
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 40 }), async (whole, size) => {
      expect(await importSeries(body(whole, size))).toEqual(await importSeries(body(whole, 1_000_000)))
    }),
    { numRuns: 300 },
  )
})

const log = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'btc-15s-2019-11.txt')

describe.skipIf(!existsSync(log))('with ../shared/data', () => {
  test('[Q5] the real log is read whole', async () => {
    const answer = await importSeries(createReadStream(log))
    const lines = readFileSync(log, 'utf8').trim().split('\n')
    expect(answer).toMatchObject({
      points: lines.length,
      skipped: { unreadable: 0, price: 0, duplicate: 0, spike: 0 },
      gaps: 0,
      outOfOrder: 0,
    })
  })
})

test.runIf(!existsSync(log))('[Q5] the real log is not here: what it would test is skipped', () => {
  console.warn(`There is no ${log}; the tests with the real log did not run.`)
})
