import { expect, test } from 'vitest'
import { btc } from '../../../jobs/btc/index.ts'
import type { BtcParams } from '../../../jobs/btc/params.ts'
import { cases } from './cases.ts'
import { outputsOf, seriesOf } from './job.ts'

const prices = Array.from({ length: 900 }, (_, i) => 900_000_000_000 + ((i * 7919) % 101) * 1_000_000)
const stored = seriesOf(prices)
const at = (point: number) => new Date(Date.UTC(2019, 10, 1) + point * 15_000).toISOString()

test('[B30] a device reads the prices of the time asked and nothing else of a series', async () => {
  const part = (range: object) => {
    const [start, end] = btc.input!.part!({ series: 's', analysis: 'sweep', ...range } as BtcParams, stored)
    return [...new Float64Array(stored.slice(start, end).buffer)]
  }
  expect(part({})).toEqual(prices)
  expect(part({ from: at(100), to: at(199) })).toEqual(prices.slice(100, 200))
  expect(part({ from: at(899) })).toEqual(prices.slice(899))
  expect(part({ from: at(5000) })).toEqual([])
  for (const { params } of cases) {
    const { from: _, ...all } = btc.schema.parse(params)
    const cut = Buffer.concat(await outputsOf({ ...all, from: at(100), to: at(799) }, stored))
    expect(cut.equals(Buffer.concat(await outputsOf(all, seriesOf(prices.slice(100, 800)))))).toBe(true)
  }
})
