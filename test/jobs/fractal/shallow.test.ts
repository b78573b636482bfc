import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gallery, views } from '../../../jobs/fractal/gallery.ts'
import { fractal } from '../../../jobs/fractal/index.ts'
import type { FractalParams } from '../../../jobs/fractal/params.ts'
import { viewOf } from '../../../jobs/fractal/place.ts'
import { built, count, ways, whole } from './built.ts'
import { straight } from './straight.ts'

const side = fc.integer({ min: 1, max: 24 })
const coordinate = fc.oneof(
  fc.double({ min: -2.2, max: 2.2, noNaN: true }),
  fc.constantFrom(0, 0.25, -0.75, -1, -1.25, -2, 2, -1.75),
)
const span = fc.oneof(
  fc.double({ min: 1e-9, max: 6, noNaN: true }),
  fc.integer({ min: 0, max: 8 }).map((zeros) => 4 / 10 ** zeros),
)
const maxIterations = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 900 }))
const anyView: fc.Arbitrary<FractalParams> = fc
  .record({
    formula: fc.constantFrom('mandelbrot', 'julia', 'burning-ship', 'multibrot3'),
    center: fc.tuple(coordinate, coordinate),
    span,
    width: side,
    height: side,
    maxIterations,
    c: fc.tuple(coordinate, coordinate),
  })
  .map(({ c, ...view }) => (view.formula === 'julia' ? { ...view, c } : view))
  .filter((view) => !viewOf(view).deep)

test('[F10] any shallow picture equals the straight loop in every pixel, however it is computed', async () => {
  await fc.assert(
    fc.asyncProperty(anyView, async (params) => {
      const [picture, ...others] = await Promise.all(ways.map((way) => whole(params, way)))
      for (const other of others) expect(other).toEqual(picture)
      picture!.forEach((value, i) => {
        const [x, y] = [i % params.width, Math.floor(i / params.width)]
        if (count(value) !== straight(params, x, y)) throw new Error(`${x}, ${y}: ${count(value)}`)
      })
    }),
    { numRuns: 400 },
  )
})

test('[F10] so do named views and the gallery, and pictures that lie across |c| = 2', async () => {
  const rings: FractalParams[] = [
    { formula: 'mandelbrot', center: [0, 0], span: 5, width: 120, height: 120, maxIterations: 50 },
    { formula: 'burning-ship', center: [0, 0], span: 5, width: 120, height: 120, maxIterations: 50 },
    { formula: 'mandelbrot', center: [-2, 0], span: 1e-9, width: 99, height: 99, maxIterations: 3000 },
    { formula: 'julia', c: [-2, 0], center: [0, 0], span: 4, width: 99, height: 33, maxIterations: 2000 },
    { formula: 'julia', c: [-2.5, 0.01], center: [0, 0], span: 5, width: 99, height: 99, maxIterations: 100 },
    { formula: 'julia', c: [0, 0], center: [0, 0], span: 4, width: 64, height: 64, maxIterations: 100 },
    { formula: 'mandelbrot', center: [1e300, -1e300], span: 1e300, width: 9, height: 9, maxIterations: 9 },
  ]
  const shallow = gallery.filter(({ params }) => !viewOf(params).deep).map(({ params }) => params)
  const small = [...shallow, ...Object.values(views)].map((params) => ({ ...params, width: 128, height: 80 }))
  for (const params of [...rings, ...small]) {
    const picture = await whole(params)
    expect(await whole(params, ways[3])).toEqual(picture)
    picture.forEach((value, i) => {
      const [x, y] = [i % params.width, Math.floor(i / params.width)]
      if (count(value) !== straight(params, x, y)) throw new Error(`${JSON.stringify(params)} ${x}, ${y}`)
    })
  }
})

test('[F11] any cutting into rectangles and any pause within gives the same bits', async () => {
  const { compute, prepareWith } = await built
  const rectangle = fc.record({
    x: fc.integer({ min: 0, max: 79 }),
    y: fc.integer({ min: 0, max: 59 }),
    width: fc.integer({ min: 1, max: 80 }),
    height: fc.integer({ min: 1, max: 60 }),
  })
  const pictures: FractalParams[] = [
    { ...views.seahorse, width: 80, height: 60 },
    {
      formula: 'mandelbrot',
      center: ['-1.99999911758766', '0'],
      span: '1e-13',
      width: 80,
      height: 60,
      maxIterations: 900,
    },
  ]
  for (const params of pictures) {
    const picture = await whole(params)
    const prepared = ways.map((way) => prepareWith(params, way))
    fc.assert(
      fc.property(rectangle, fc.constantFrom(...prepared), fc.integer({ min: 1, max: 50 }), (cut, one, budget) => {
        const region = { ...cut, width: Math.min(cut.width, 80 - cut.x), height: Math.min(cut.height, 60 - cut.y) }
        const part = new Uint32Array(compute(one, region, () => {}, budget).buffer)
        return part.every((value, i) => {
          const at = (region.y + Math.floor(i / region.width)) * 80 + region.x + (i % region.width)
          return value === picture[at]
        })
      }),
      { numRuns: 60 },
    )
  }
})

test('[F12] the longest pixel reports while it runs', async () => {
  const { kernel } = await built
  const params = fractal.schema.parse({
    formula: 'burning-ship',
    center: [0, 0],
    span: 1e-6,
    width: 1,
    height: 1,
    maxIterations: 16_000_000,
  })
  const shares: number[] = []
  const output = kernel.run(await kernel.prepare(params), 0, (share) => shares.push(share))
  expect(fractal.credit(params, 0, output, undefined)).toBe(16)
  const { compute, prepareWith } = await built
  compute(prepareWith(params, { shortcuts: false }), { x: 0, y: 0, width: 1, height: 1 }, (share) => shares.push(share))
  expect(shares.length).toBeGreaterThan(10)
  expect(shares.every((share, i) => share <= 1 && share >= (shares[i - 1] ?? 0))).toBe(true)
})
