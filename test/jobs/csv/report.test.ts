import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { timeWords } from '../../../components/chart/chart.ts'
import { percent } from '../../../components/words/count.ts'
import { took } from '../../../components/words/dates.ts'
import { rowOf } from '../../../jobs/csv/file-index.ts'
import {
  type Bar,
  barsOf,
  bucketAround,
  curveOfBars,
  curveOfQuantiles,
  type Point,
} from '../../../jobs/csv/report/bars.ts'
import { candlesOf, merged, moved, stepFor, stepWords, zoomed } from '../../../jobs/csv/report/candles.ts'
import { columnsOf, extremesAmong, pricesAmong } from '../../../jobs/csv/report/columns.ts'
import { readWords, wrongWords } from '../../../jobs/csv/report/lead.tsx'
import { markedIn } from '../../../jobs/csv/report/rows.tsx'
import { placesOf, troublesOf } from '../../../jobs/csv/report/troubles.ts'
import { centre, exact, moment, rounded, stretch } from '../../../jobs/csv/report/words.tsx'
import type { CsvResult } from '../../../jobs/csv/shapes.ts'
import { completed, indexed } from './index-of.ts'
import { resultOf } from './run.ts'

// What the result page draws and says, from results as jobs give them.

async function computed(text: string, request: Record<string, unknown> = {}) {
  const bytes = Buffer.from(text)
  const index = indexed(bytes, request)
  const params = completed(request, index)
  const result = (await resultOf(bytes, params, index)) as unknown as CsvResult
  const columns = columnsOf(result, params)
  return { bytes, index, params, result, columns, troubles: troublesOf(result, columns) }
}

const HOUR = 3600
const value = fc.oneof(
  fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -1e200, max: 1e200 })
    .filter((one) => one === 0 || Math.abs(one) > 1e-300),
  fc.integer({ min: -20, max: 20 }),
  fc.double({ noNaN: true, min: 1, max: 1.1 }),
)

describe('the report of a csv job', () => {
  test('[K29] bars hold every value, each where its values can be; the curve over them is true at every edge', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (values, bins, edges) => {
          const [min, max] = [Math.min(...values), Math.max(...values)]
          fc.pre(max > min)
          const histogram = { bins, ...(edges ? { min: -5, max: 1.05 } : {}) }
          const text = `x,y\n${values.map((one) => `${one},0`).join('\n')}\n`
          const { columns } = await computed(text, { histogram, header: true, timeColumn: null })
          const { figures } = columns[0]!
          const told = figures.histogram!
          const bars = barsOf(told, min, max)
          const held = (all: readonly Bar[]) => all.reduce((sum, { count }) => sum + count, 0)
          expect(held(bars) + told.below + told.above).toBe(values.length)
          for (const [at, { from, to, count }] of bars.entries()) {
            expect(from).toBeLessThanOrEqual(to)
            if (at > 0) expect(bars[at - 1]!.to).toBeLessThanOrEqual(from)
            // No bar claims values where there are none.
            if (!edges) expect(values.filter((one) => one >= from && one <= to).length).toBeGreaterThanOrEqual(count)
          }
          const below = (limit: number) => values.filter((one) => one < limit).length / values.length
          const upTo = (limit: number) => values.filter((one) => one <= limit).length / values.length
          const near = 1e-12
          if (!edges)
            for (const [limit, share] of curveOfBars(bars, told, values.length, min, max).line) {
              expect(share).toBeGreaterThanOrEqual(below(limit) - near)
              expect(share).toBeLessThanOrEqual(upTo(limit) + near)
            }
        },
      ),
      { numRuns: 150 },
    )
  })

  test('[K29] every quantile lies between the curves drawn for it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 200 }), async (values) => {
        const text = `x,y\n${values.map((one) => `${one},0`).join('\n')}\n`
        const { columns } = await computed(text, { header: true, timeColumn: null })
        const { min, max, quantiles } = columns[0]!.figures
        const { line, band } = curveOfQuantiles(quantiles!, min!, max!)
        const sorted = Float64Array.from(values).sort()
        const truth = ([, share]: Point) => sorted[Math.max(0, Math.ceil(share * values.length) - 1)]!
        for (const [at, point] of line.entries()) {
          expect(band!.early[at]![0]).toBeLessThanOrEqual(truth(point))
          expect(band!.late[at]![0]).toBeGreaterThanOrEqual(truth(point))
        }
      }),
      { numRuns: 100 },
    )
    expect(bucketAround(1)).toEqual([1, 1 + 2 ** -7])
    expect(bucketAround(-1)[0]).toBe(-1 - 2 ** -7)
  })

  test('[K29] fewer candles say the same: open, extremes, close and volume of all they stand for', async () => {
    const hours = fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: -50, max: 50 }), fc.nat(9)), {
      minLength: 1,
      maxLength: 80,
    })
    await fc.assert(
      fc.asyncProperty(
        hours,
        fc.constantFrom('hour', 'day', 'month'),
        fc.integer({ min: 1, max: 30 }),
        async (rows, groupBy, room) => {
          const ordered = rows.toSorted((a, b) => a[0] - b[0])
          const lines = ordered.map(
            ([hour, price, volume]) => `${new Date(1.5e12 + hour * 7 * HOUR * 1000).toISOString()},${price},${volume}`,
          )
          const { result } = await computed(`Time,Price,Volume\n${lines.join('\n')}\n`, { groupBy, header: true })
          const all = candlesOf(result.groups!, 'Price')
          const [first, last] = [all[0]!, all.at(-1)!]
          const step = stepFor(groupBy, first.from, last.to, room)
          const some = merged(groupBy, all, step)
          if (step < 10_752) expect(some.length).toBeLessThanOrEqual(room + 1)
          const parts = some.map(({ from, to }) => all.filter((candle) => candle.from >= from && candle.to <= to))
          expect(parts.flat()).toEqual(all)
          for (const [at, candle] of some.entries()) {
            const part = parts[at]!
            expect(candle).toMatchObject({
              open: part[0]!.open,
              close: part.at(-1)!.close,
              high: Math.max(...part.map(({ high }) => high)),
              low: Math.min(...part.map(({ low }) => low)),
              volume: part.reduce((sum, { volume }) => sum + volume!, 0),
              count: part.reduce((sum, { count }) => sum + count, 0),
            })
          }
        },
      ),
      { numRuns: 60 },
    )
    expect([stepWords('hour', 4), stepWords('hour', 168), stepWords('day', 1), stepWords('month', 24)]).toEqual([
      '4 hours',
      '1 week',
      '1 day',
      '2 years',
    ])
  })

  test('[K29] a closer look stays within all there is', () => {
    const whole = [0, 1000] as const
    expect(zoomed(whole, 1 / 4, 0, whole, 10)).toEqual([0, 250])
    expect(zoomed([0, 250], 1 / 4, 1000, whole, 100)).toEqual([900, 1000])
    expect(zoomed([900, 1000], 40, 950, whole, 10)).toBeNull()
    expect(moved([100, 300], -3, whole)).toEqual([0, 200])
    expect(moved([100, 300], 30, whole)).toEqual([800, 1000])
  })

  test('[K29] low and high price are asked of the columns somebody means', async () => {
    const of = async (names: string, cells = '2020-01-01,3,1,4,2,9') => {
      const { columns } = await computed(`${names}\n${cells}\n`, { header: true })
      const prices = pricesAmong(columns)
      return [
        extremesAmong(prices, 'low').map(({ name }) => name),
        extremesAmong(prices, 'high').map(({ name }) => name),
      ]
    }
    expect(await of('Time,Ask,Bid,AskVolume,BidVolume,Open')).toEqual([
      ['Bid', 'Ask'],
      ['Ask', 'Bid'],
    ])
    expect(await of('Date,Open,Low,High,Close,Volume')).toEqual([
      ['Low', 'Close', 'Open', 'High'],
      ['High', 'Open', 'Close', 'Low'],
    ])
    expect(await of('Time,a,b,Volume', '2020-01-01,3,1,4')).toEqual([
      ['b', 'a'],
      ['a', 'b'],
    ])
    expect(await of('Time,Volume', '2020-01-01,3')).toEqual([['Volume'], ['Volume']])
    expect(await of('Time,Ask,Bid', '2020-01-01,x,')).toEqual([[], []])
  })

  test('[K29] columns stand in the order of the file, and everything that was wrong is said and listed', async () => {
    const lines = ['2020-01-02,1,x,a,"5"', '2020-01-01,-1,2,b,5,6', 'never,2,3,c', '2020-01-03,"1"2,3,d,5']
    const { columns, troubles, result, bytes, index, params } = await computed(
      `Time,Ask,Bid,10,9\n${lines.join('\n')}\n`,
      { header: true, timeColumn: 'Time', timeFormat: 'iso' },
    )
    expect(columns.map(({ name, text }) => [name, text])).toEqual([
      ['Ask', false],
      ['Bid', false],
      ['10', true],
      ['9', false],
    ])
    expect(troubles.map(({ words }) => words)).toEqual([
      '1 cell of Ask is no valid number',
      '1 cell of Bid is no valid number',
      '10 holds no numbers',
      '1 cell of Time is no time in the format iso',
      '1 row is earlier than the row before',
      '1 row has an Ask below the Bid',
      '1 row has more cells than there are columns',
      '1 row has fewer cells than there are columns',
    ])
    expect(readWords(result, columns)).toBe(
      '4 rows, 3 columns of numbers and 1 of words, from 1 Jan 2020 to 3 Jan 2020 UTC.',
    )
    expect(wrongWords(result, troubles)).toBe(
      '1 cell of Ask is no valid number, 1 cell of Bid is no valid number, 1 cell of Time is no time in the format iso, and there are 4 other kinds of fault.',
    )
    const places = placesOf(troubles.filter(({ harmless }) => !harmless))
    expect(places.map(({ row, column, reason }) => `${row} ${column} ${reason}`)).toEqual([
      '0 Bid not a number',
      '1 Time earlier than the row before',
      '1 null more cells than columns',
      '1 Ask below zero',
      '2 Time not a time in this format',
      '2 Ask Ask below Bid',
    ])
    const read = async (start: number, end: number) => bytes.subarray(start, end)
    const marks = places.map(async (bad) => markedIn((await rowOf(params, bad, index, read))!, bad, ',').marked)
    expect(await Promise.all(marks)).toEqual(['x', '', '', '-1', 'never', '2'])
  })

  test('[K29] what is wrong with a whole row is listed once', async () => {
    const long = `"${'y'.repeat(1 << 20)}",1`
    const { troubles } = await computed(`a,b,c\n1,2,3\n${long}\n4,5,6\n7,8,"9`, { header: true, timeColumn: null })
    expect(troubles.map(({ count, words }) => [count, words])).toContainEqual([1, '1 row is longer than 1 MiB'])
    expect(placesOf(troubles).map(({ row, column, reason }) => [row, column, reason])).toEqual([
      [1, null, 'record over 1 MiB'],
      [3, null, 'a quote that is never closed'],
    ])
  })

  test('[K29] numbers have as many digits as are known, times as much as there is of a second', () => {
    expect([0, -0.25, 1234567.5, 1e21, -1.5e-7].map(exact)).toEqual([
      '0',
      '−0.25',
      '1,234,567.5',
      '1 × 10²¹',
      '−1.5 × 10⁻⁷',
    ])
    expect([rounded(9111.76, 3), rounded(0.000123456, 2)]).toEqual(['9,110', '0.00012'])
    expect([centre(1.1023456789, 0.01), centre(5, 0), centre(-2.34567, 40)]).toEqual(['1.10235', '5', '−2.35'])
    expect([0, 1 / 3, 1e-6, 0.99999, 1].map((share) => percent(share, 'fine'))).toEqual([
      '0 %',
      '33.3 %',
      'under 0.01 %',
      'over 99.9 %',
      '100 %',
    ])
    expect([moment('2019-11-01T00:00:04.250Z'), moment('2019-11-01T10:00:00.000Z')]).toEqual([
      '1 Nov 2019, 00:00:04.25 UTC',
      '1 Nov 2019, 10:00:00 UTC',
    ])
    expect([4.9, 200, 3600, 7500, 86_400, 273_600].map((seconds) => took(1000 * seconds))).toEqual([
      '4.9 s',
      '3 min 20 s',
      '1 h',
      '2 h 5 min',
      '1 day',
      '3 days 4 h',
    ])
    const nov = Date.UTC(2019, 10, 1) / 1000
    expect(stretch('hour', nov, nov + 4 * HOUR)).toBe('1 Nov 2019, 00:00 to 04:00 UTC')
    expect(stretch('hour', nov, nov + 168 * HOUR)).toBe('1 Nov 2019 to 7 Nov 2019')
    expect(stretch('month', nov, Date.UTC(2020, 1) / 1000)).toBe('Nov 2019 to Jan 2020')
    expect(timeWords([nov, nov + 12 * HOUR, nov + 24 * HOUR], 'UTC')).toEqual(['00:00\n1 Nov', '12:00', '00:00\n2 Nov'])
    expect(timeWords([nov, nov + 48 * HOUR], 'UTC')).toEqual(['1 Nov\n2019', '3 Nov'])
  })
})
