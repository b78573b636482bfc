import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { importSeries } from '../../coordinator/prices/import.ts'
import { syntheticTicks } from '../../coordinator/prices/synthetic.ts'
import { btc } from '../../jobs/btc/index.ts'
import type { SweepParams } from '../../jobs/btc/params.ts'
import type { Kernel } from '../../jobs/define.ts'
import type { SeriesView } from '../../protocol/api.ts'
import { root } from '../gateway/harness.ts'
import { type BenchLine, median } from './line.ts'
import { openRoom } from './room.ts'

const POINTS = 1_000_000
const PAIRS = 3
const range = (count: number, of: (i: number) => number) => Array.from({ length: count }, (_, i) => of(i))

/** 40 × 10 × 5 combinations over a million points: two one-thread agents against the same kernel in one bare thread. */
export async function sweepBench(): Promise<BenchLine[]> {
  const csv = history()
  const imported = await importSeries(
    (async function* () {
      yield csv
    })(),
  )
  if (imported.type === 'refused') throw new Error(imported.sentence)
  const manifest = JSON.parse(await readFile(join(root, 'public/kernels/manifest.json'), 'utf8'))
  const script = join(root, 'public/kernels', manifest.btc.file)
  const { kernel } = (await import(pathToFileURL(script).href)) as { kernel: Kernel }
  const room = await openRoom({ agents: 2 })
  const ratios: number[] = []
  const seconds: number[] = []
  try {
    const put = await fetch(`${room.pool.url}/api/v1/series`, {
      ...{ method: 'PUT', headers: { authorization: `Bearer ${room.pool.adminKey}` }, body: csv },
    })
    const { id: series } = (await put.json()) as SeriesView
    const params: SweepParams = {
      ...{ series, analysis: 'sweep', fee: 0.001, windows: range(40, (i) => 10 * (i + 1)) },
      ...{ tolerances: range(10, (i) => i * 0.0005), holds: range(5, (i) => 20 * i) },
    }
    const taskCount = btc.split(params, imported.bytes)
    for (let pair = 0; pair < PAIRS; pair++) {
      const bareAt = performance.now()
      const prepared = await kernel.prepare(params, imported.bytes)
      for (let task = 0; task < taskCount; task++) kernel.run(prepared, task, () => {})
      const bareMs = performance.now() - bareAt
      const startedAt = performance.now()
      const job = await room.submit({ kind: 'btc', params, trust: 'fast' })
      await room.done(job)
      const poolMs = performance.now() - startedAt
      ratios.push(bareMs / poolMs)
      seconds.push(poolMs / 1000)
      await room.pool.call('DELETE', `/jobs/${job}`)
    }
  } finally {
    await room.close()
  }
  return [
    {
      ...{ bench: 'sweep: POST to done, 2,000 combinations of a million points', value: median(seconds), unit: 's' },
      ...{ reference: 'the same kernel in one bare process', ratio: median(ratios), runs: PAIRS, trust: 'fast' },
    },
  ]
}

function history(): Uint8Array<ArrayBuffer> {
  const lines = ['time,price']
  for (const { at, units } of syntheticTicks(1, 0)) {
    if (lines.push(`${at},${units / 1e8}`) > POINTS) break
  }
  return new TextEncoder().encode(lines.join('\n'))
}
