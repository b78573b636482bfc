import { openBare, type PlainView } from './bare.ts'
import { type BenchLine, median } from './line.ts'
import { openRoom } from './room.ts'

const view: PlainView = { center: [-0.5, 0], span: 3, width: 2048, height: 2048, maxIterations: 1000 }
const PAIRS = 5

/** A small job, from submit to its last raw byte, against the loop one would have written instead. */
export async function lightBench(): Promise<BenchLine[]> {
  const bare = await openBare()
  const room = await openRoom({ agents: 2 })
  const ratios: number[] = []
  const poolMs: number[] = []
  try {
    for (let pair = -1; pair < PAIRS; pair++) {
      const { ms, picture } = await bare.run({ type: 'plain', view })
      const startedAt = performance.now()
      const id = await room.submit({ kind: 'fractal', params: { formula: 'mandelbrot', ...view }, trust: 'fast' })
      await room.done(id)
      const raw = await room.raw(id)
      const took = performance.now() - startedAt
      const payload = new Uint32Array(raw.buffer)
      const wrong = payload.findIndex((pixel, i) => (pixel === 0xffffffff ? pixel : pixel & ~255) >>> 0 !== picture![i])
      if (wrong !== -1) throw new Error(`Pixel ${wrong} differs from the plain loop`)
      // The first pair warms both sides: agents fetch and compile the kernel in it.
      if (pair < 0) continue
      poolMs.push(took)
      ratios.push(ms / took)
    }
  } finally {
    await room.close()
    await bare.close()
  }
  return [
    {
      bench: 'light: POST to raw bytes',
      value: median(poolMs),
      unit: 'ms',
      reference: 'a bare two-thread plain JS loop',
      ratio: median(ratios),
      runs: PAIRS,
      trust: 'fast',
    },
  ]
}
