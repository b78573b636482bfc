import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ExactWasm, exactPixel } from '../../../jobs/fractal/exact.ts'
import { gallery } from '../../../jobs/fractal/gallery.ts'
import type { FractalParams } from '../../../jobs/fractal/params.ts'
import { viewOf } from '../../../jobs/fractal/place.ts'
import { built } from './built.ts'
import { fixedPoint } from './fixed-point.ts'

interface Wasm extends ExactWasm {
  setView(...numbers: number[]): void
}

async function open(build: 'simd' | 'scalar'): Promise<Wasm> {
  await built
  const bytes = await readFile(join(import.meta.dirname, `../../../build/kernels/fractal/kernel.${build}.wasm`))
  return (await WebAssembly.instantiate(bytes)).instance.exports as unknown as Wasm
}

test('[F25] a pixel in fixed point equals the definition at every depth, where |z| = 2 is all but met too', async () => {
  const builds = [await open('simd'), await open('scalar')]
  const near = [
    ['-0.743643887037151', '0.131825904205330'],
    ['-1.7548776662466927', '0'],
    ['-2', '0'],
    ['0', '1'],
    ['-0.75', '0'],
    ...gallery.filter(({ params }) => viewOf(params).deep).map(({ params }) => params.center),
  ] as const
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 90 }).map((all) => all.join(''))
  const place = fc.tuple(fc.constantFrom(...near), digits, digits).map(([[re, im], a, b]) => {
    const longer = (value: number | string, more: string) =>
      (String(value).includes('.') ? String(value) : `${value}.00000000000000`) + more
    return [longer(re, a), longer(im, b)] as const
  })
  const pixel = fc.nat({ max: 255 })
  let longest = 0
  fc.assert(
    fc.property(place, fc.integer({ min: 13, max: 100 }), pixel, pixel, ([re, im], zeros, x, y) => {
      const params: FractalParams = {
        ...{ formula: 'mandelbrot', center: [re, im], span: `1e-${zeros}` },
        ...{ width: 256, height: 256, maxIterations: 6000 },
      }
      const truth = fixedPoint(params).at(x, y)
      for (const wasm of builds) {
        wasm.setView(0, 0, 0, 0, 256, 256, params.maxIterations, 0, 0)
        expect(exactPixel(wasm, params, viewOf(params), x, y, () => {})?.n ?? -1).toBe(truth)
      }
      longest = Math.max(longest, truth)
    }),
    { numRuns: 400, seed: 11 },
  )
  expect(longest).toBeGreaterThan(1000)
})
