import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { btc } from '../../jobs/btc/index.ts'
import type { SweepParams } from '../../jobs/btc/params.ts'
import type { Kernel } from '../../jobs/define.ts'
import { syntheticTicks } from '../../market/server/sample.ts'
import type { SeriesView } from '../../protocol/api.ts'
import { root } from '../gateway/harness.ts'
import { type BenchLine, median } from './line.ts'
import { openRoom, pause, type Room } from './room.ts'

const POINTS = 1_000_000
const PAIRS = 3
/** What an import leaves behind is collected by then, and connections that ended are seen. */
const SETTLE_MS = 1000
const range = (count: number, of: (i: number) => number) => Array.from({ length: count }, (_, i) => of(i))
const GRID: Omit<SweepParams, 'series'> = {
  ...{ analysis: 'sweep', fee: 0.001, windows: range(40, (i) => 10 * (i + 1)) },
  ...{ tolerances: range(10, (i) => i * 0.0005), holds: range(5, (i) => 20 * i) },
}

interface Measured {
  readonly ms: number
  readonly result: string
}

/**
 * 40 × 10 × 5 combinations over a million points: two one-thread agents against the same kernel in one bare process. Both
 * begin with the stored series and end with the whole result, which must be the same.
 */
export async function sweepBench(): Promise<BenchLine[]> {
  const kernel = await loadKernel()
  const csv = history(POINTS + PAIRS)
  const room = await openRoom({ agents: 2 })
  const seconds = { bare: [] as number[], fresh: [] as number[], known: [] as number[] }
  const ratios = { fresh: [] as number[], known: [] as number[] }
  try {
    for (let round = -1; round < PAIRS; round++) {
      // Each round has a series of its own: the devices fetch it for the first job and have it for the second.
      const series = await importCsv(room, csv(round + 1, round + 1 + POINTS))
      const stored = join(room.pool.dataDir, 'series', `${series}.series`)
      for (const devices of ['fresh', 'known'] as const) {
        const bare = await bareSweep(kernel, { ...GRID, series }, stored)
        const pool = await poolSweep(room, { ...GRID, series })
        if (pool.result !== bare.result) throw new Error('The pool and the bare process disagree')
        // The first round warms both sides.
        if (round < 0) continue
        seconds.bare.push(bare.ms / 1000)
        seconds[devices].push(pool.ms / 1000)
        ratios[devices].push(bare.ms / pool.ms)
      }
    }
  } finally {
    await room.close()
  }
  const line = (devices: 'fresh' | 'known', what: string): BenchLine => ({
    ...{ bench: `sweep: POST to result, ${what}`, value: median(seconds[devices]), unit: 's' },
    ...{ reference: 'the same kernel in one bare process', ratio: median(ratios[devices]), runs: PAIRS, trust: 'fast' },
  })
  return [
    { bench: 'sweep: one bare process', value: median(seconds.bare), unit: 's', runs: 2 * PAIRS },
    line('fresh', 'series new to devices'),
    line('known', 'series known to devices'),
  ]
}

async function loadKernel(): Promise<Kernel> {
  const manifest = JSON.parse(await readFile(join(root, 'public/kernels/manifest.json'), 'utf8'))
  const script = join(root, 'public/kernels', manifest.btc.file)
  return ((await import(pathToFileURL(script).href)) as { kernel: Kernel }).kernel
}

async function bareSweep(kernel: Kernel, params: SweepParams, stored: string): Promise<Measured> {
  const startedAt = performance.now()
  const bytes = await readFile(stored)
  const prepared = await kernel.prepare(params, bytes.subarray(...btc.input!.part!(params, bytes)))
  async function* outputs() {
    for (let task = 0; task < btc.split(params, bytes); task++) yield kernel.run(prepared, task, () => {})
  }
  const pieces: Uint8Array[] = []
  const tools = { deflate: (source: AsyncIterable<Uint8Array>) => source }
  for await (const piece of btc.formats.result.encode(params, outputs(), tools, bytes)) pieces.push(piece)
  const result = Buffer.concat(pieces).toString()
  return { ms: performance.now() - startedAt, result }
}

async function poolSweep(room: Room, params: SweepParams): Promise<Measured> {
  await pause(SETTLE_MS)
  const startedAt = performance.now()
  const job = await room.submit({ kind: 'btc', params, trust: 'fast' })
  await room.done(job)
  const result = await (await room.pool.call('GET', `/jobs/${job}/result`)).text()
  const ms = performance.now() - startedAt
  await room.pool.call('DELETE', `/jobs/${job}`)
  return { ms, result }
}

async function importCsv(room: Room, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const put = await fetch(`${room.pool.url}/api/v1/series`, {
    ...{ method: 'PUT', headers: { authorization: `Bearer ${room.pool.adminKey}` }, body },
  })
  return ((await put.json()) as SeriesView).id
}

/** Rows `[from, to)` of a market as CSV; one buffer, so that nothing here is collected while something is measured. */
function history(points: number): (from: number, to: number) => Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(points * 32)
  const starts = [0]
  const encoder = new TextEncoder()
  for (const { at, units } of syntheticTicks(1, 0)) {
    const start = starts[starts.length - 1]!
    starts.push(start + encoder.encodeInto(`${at},${units / 1e8}\n`, bytes.subarray(start)).written)
    if (starts.length > points) break
  }
  const header = encoder.encode('time,price\n')
  return (from, to) => {
    const body = new Uint8Array(header.length + starts[to]! - starts[from]!)
    body.set(header)
    body.set(bytes.subarray(starts[from], starts[to]), header.length)
    return body
  }
}
