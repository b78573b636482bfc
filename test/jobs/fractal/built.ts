import type * as FractalKernel from '../../../jobs/fractal/kernel.ts'
import type { FractalParams } from '../../../jobs/fractal/params.ts'
import { loadKernel } from '../kernel.ts'

/** The built fractal kernel. */
export const built = loadKernel<typeof FractalKernel>('fractal')

/** Every way of computing that must not matter. */
export const ways = [
  { simd: true, shortcuts: true },
  { simd: true, shortcuts: false },
  { simd: false, shortcuts: true },
  { simd: false, shortcuts: false },
] as const

/** A whole picture of at most 65,536 pixels as one rectangle. */
export async function whole(params: FractalParams, way: (typeof ways)[number] = ways[0]): Promise<Uint32Array> {
  const { compute, prepareWith } = await built
  const region = { x: 0, y: 0, width: params.width, height: params.height }
  return new Uint32Array(compute(prepareWith(params, way), region, () => {}).buffer)
}

/** The iteration count in a payload value, −1 where it did not escape. */
export function count(value: number | undefined): number {
  return value === undefined || value === 0xffffffff ? -1 : value >>> 8
}
