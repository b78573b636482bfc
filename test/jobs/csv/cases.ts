import type { CsvParams } from '../../../jobs/csv/params.ts'
import { completed, indexed } from './index-of.ts'

// A few small jobs for the laws every kind keeps.

const TICKS = Array.from({ length: 60_000 }, (_, row) => {
  const time = new Date(Date.UTC(2019, 10, 1) + row * 15_000).toISOString()
  const ask = (9000 + ((row * 7919) % 1000) / 100).toFixed(2)
  return `${time},${ask},${row % 50 === 0 ? '' : (9000 - (row % 13) / 8).toString()},"${row % 9}"`
})
const bytes = Buffer.from(`Time,Ask,Bid,Volume\n${TICKS.join('\n')}\n`)
const index = indexed(bytes)

function job(request: Record<string, unknown>) {
  return { params: completed(request, index), input: index, bytes }
}

export const cases: readonly { params: CsvParams; input: ReturnType<typeof indexed>; bytes: Uint8Array }[] = [
  job({ statistics: 'extremes' }),
  job({ groupBy: 'hour', histogram: { bins: 10, min: 8990, max: 9010 } }),
  job({ columns: ['Bid'], timeColumn: null, price: { min: 8999 } }),
]
