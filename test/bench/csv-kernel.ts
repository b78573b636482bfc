import { parse } from 'csv-parse'
import type * as csvKernel from '../../jobs/csv/kernel.ts'
import type { CsvParams } from '../../jobs/csv/params.ts'
import { loadKernel } from '../jobs/kernel.ts'
import { type Bench, type BenchLine, median } from './line.ts'

// One core, one slice of a five-column price file as a device reads it, beside what reads CSV in Node otherwise.

const ROWS = 160_000
const RUNS = 15
const REFERENCE_ROWS = 20_000
const COLUMNS = ['Ask', 'Bid', 'AskVolume', 'BidVolume']

export const csvKernelBench: Bench = async () => {
  const { kernel } = await loadKernel<typeof csvKernel>('csv')
  const lines: BenchLine[] = []
  const bytes = prices(ROWS)
  for (const statistics of ['extremes', 'all'] as const) {
    const prepared = await kernel.prepare(paramsOf(statistics))
    const sample = prices(REFERENCE_ROWS)
    const values: number[] = []
    const references: number[] = []
    // In turns, so that whatever else the machine does falls on both. The first turn does not count.
    for (let run = 0; run <= RUNS; run++) {
      const value = await speed(bytes.length, () => kernel.run(prepared, 0, () => undefined, bytes))
      const reference = await speed(sample.length, () => parsed(sample, statistics))
      if (run === 0) continue
      values.push(value)
      references.push(reference)
    }
    const value = median(values)
    const parser = median(references)
    const bench = `csv-kernel: ${statistics}`
    lines.push({ bench, value, unit: 'GB/s a core', reference: 'csv-parse', ratio: value / parser, runs: RUNS })
  }
  return lines
}

/** GB/s of one run. */
async function speed(bytes: number, run: () => unknown): Promise<number> {
  const before = performance.now()
  await run()
  return bytes / 1e6 / (performance.now() - before)
}

/** Parsed by csv-parse, with the least a program does with the cells: the extremes, and with "all" sums as doubles. */
function parsed(bytes: Uint8Array, statistics: 'extremes' | 'all'): Promise<number[]> {
  const least = COLUMNS.map(() => Number.POSITIVE_INFINITY)
  const most = COLUMNS.map(() => Number.NEGATIVE_INFINITY)
  const sums = COLUMNS.map(() => 0)
  return new Promise((resolve, reject) => {
    const parser = parse()
    parser.on('data', (row: string[]) => {
      for (let i = 0; i < COLUMNS.length; i++) {
        const value = Number(row[i + 1])
        if (value < least[i]!) least[i] = value
        if (value > most[i]!) most[i] = value
        if (statistics === 'all') sums[i]! += value
      }
    })
    parser.on('error', reject)
    parser.on('end', () => resolve([...least, ...most, ...sums]))
    parser.end(bytes)
  })
}

function paramsOf(statistics: 'extremes' | 'all'): CsvParams {
  return {
    file: 'bench',
    statistics,
    layout: {
      delimiter: 44,
      decimal: 46,
      lineEnd: 'lf',
      columns: 5,
      numeric: COLUMNS.map((name, i) => ({ name, column: i + 1 })),
      time: { name: 'Time', column: 0, format: 'DD.MM.YYYY HH:mm:ss.SSS' },
    },
  }
}

/** Ticks as brokers export them, from a fixed seed. */
function prices(rows: number): Uint8Array {
  let state = 12_345
  function random(): number {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state / 2 ** 32
  }
  let time = Date.UTC(2019, 0, 1)
  let ask = 1.1
  const lines: string[] = []
  for (let row = 0; row < rows; row++) {
    time += Math.floor(random() * 3000)
    ask += (random() - 0.5) * 1e-4
    const [date = '', clock = ''] = new Date(time).toISOString().slice(0, 23).split('T')
    const cells = [ask.toFixed(5), (ask - 0.00003).toFixed(5), (random() * 5).toFixed(2), (random() * 5).toFixed(2)]
    lines.push(`${date.split('-').reverse().join('.')} ${clock},${cells.join(',')}\n`)
  }
  return new TextEncoder().encode(lines.join(''))
}
