import { views } from '../../jobs/fractal/gallery.ts'
import type * as FractalKernel from '../../jobs/fractal/kernel.ts'
import type { FractalParams } from '../../jobs/fractal/params.ts'
import { straight } from '../jobs/fractal/straight.ts'
import { loadKernel } from '../jobs/kernel.ts'
import { type BenchLine, median } from './line.ts'

/** 256 × 256 pixels: the largest task. A ratio does not depend on the size of the picture. */
const SIDE = 256
const RUNS = 5

/**
 * The kernel against a straight loop in plain JavaScript on each named view, on one core, both warm and taking turns, so
 * that a drifting machine meets both alike. Without shortcuts every iteration is done; with them the same bits come sooner.
 */
export async function kernelBench(): Promise<BenchLine[]> {
  const { compute, prepareWith } = await loadKernel<typeof FractalKernel>('fractal')
  const region = { x: 0, y: 0, width: SIDE, height: SIDE }
  const lines: BenchLine[] = []
  for (const [name, view] of Object.entries(views)) {
    const params: FractalParams = { ...view, width: SIDE, height: SIDE }
    const plain = () => loop(params)
    const ways = [
      { label: 'all iterations', shortcuts: false },
      { label: 'shortcuts', shortcuts: true },
    ].map(({ label, shortcuts }) => {
      const prepared = prepareWith(params, { shortcuts })
      return {
        label,
        run: () => void compute(prepared, region, () => {}),
        times: [] as number[],
        ratios: [] as number[],
      }
    })
    plain()
    for (const { run } of ways) for (let warm = 0; warm < 8; warm++) run()
    for (let turn = 0; turn < RUNS; turn++) {
      const reference = milliseconds(plain)
      for (const way of ways) {
        const ms = milliseconds(way.run)
        way.times.push(ms)
        way.ratios.push(reference / ms)
      }
    }
    for (const { label, times, ratios } of ways) {
      lines.push({
        bench: `kernel: ${name}, ${label}`,
        value: median(times),
        unit: 'ms',
        reference: 'plain JS loop',
        ratio: median(ratios),
        runs: RUNS,
      })
    }
  }
  return lines
}

function loop(params: FractalParams): number {
  let sum = 0
  for (let y = 0; y < SIDE; y++) for (let x = 0; x < SIDE; x++) sum += straight(params, x, y)
  return sum
}

function milliseconds(work: () => unknown): number {
  const from = performance.now()
  work()
  return performance.now() - from
}
