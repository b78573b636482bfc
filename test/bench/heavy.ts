import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fractal } from '../../jobs/fractal/index.ts'
import type { FractalParams } from '../../jobs/fractal/params.ts'
import { root } from '../gateway/harness.ts'
import { openBare } from './bare.ts'
import { type BenchLine, median } from './line.ts'
import { openRoom } from './room.ts'

/** What a pool computes at its first start, larger: deep, so that little is written for much that is computed. */
export const heavyView: FractalParams = { ...(fractal.gallery[0]!.params as FractalParams), width: 2048, height: 1280 }
const PAIRS = 3

/** The same tasks by the same kernel: the pool with two one-thread agents against two bare threads. */
export async function heavyBench(): Promise<BenchLine[]> {
  const manifest = JSON.parse(await readFile(join(root, 'public/kernels/manifest.json'), 'utf8'))
  const script = join(root, 'public/kernels', manifest.fractal.file)
  const taskCount = fractal.split(heavyView, undefined)
  const bare = await openBare()
  const room = await openRoom({ agents: 2 })
  const ratios: number[] = []
  const kernelSeconds: number[] = []
  const poolSeconds: number[] = []
  try {
    for (let pair = -1; pair < PAIRS; pair++) {
      const { ms } = await bare.run({ type: 'kernel', script, params: heavyView, taskCount })
      const startedAt = performance.now()
      const id = await room.submit({ kind: 'fractal', params: heavyView, trust: 'fast' })
      await room.done(id)
      const poolMs = performance.now() - startedAt
      await room.pool.call('DELETE', `/jobs/${id}`)
      // The first pair warms both sides, as in `light`.
      if (pair < 0) continue
      kernelSeconds.push((ms * 2) / 1000)
      poolSeconds.push(poolMs / 1000)
      ratios.push(ms / poolMs)
    }
  } finally {
    await room.close()
    await bare.close()
  }
  return [
    { bench: 'heavy: kernel time', value: median(kernelSeconds), unit: 's', runs: PAIRS },
    {
      bench: 'heavy: POST to done',
      value: median(poolSeconds),
      unit: 's',
      reference: 'the same kernel in a bare two-thread loop',
      ratio: median(ratios),
      runs: PAIRS,
      trust: 'fast',
    },
  ]
}
