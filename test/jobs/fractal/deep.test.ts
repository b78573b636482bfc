import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gallery } from '../../../jobs/fractal/gallery.ts'
import type { FractalParams } from '../../../jobs/fractal/params.ts'
import { viewOf } from '../../../jobs/fractal/place.ts'
import { count, ways, whole } from './built.ts'
import { fixedPoint } from './fixed-point.ts'

interface Comparison {
  escaping: number
  different: number
  furthest: number
}

async function compare(params: FractalParams, every: number): Promise<Comparison> {
  const picture = await whole(params)
  const truth = fixedPoint(params)
  const found: Comparison = { escaping: 0, different: 0, furthest: 0 }
  for (let i = 0; i < picture.length; i += every) {
    const expected = truth.at(i % params.width, Math.floor(i / params.width))
    const got = count(picture[i])
    if (expected >= 0) found.escaping++
    if (expected !== got) found.different++
    found.furthest = Math.max(found.furthest, Math.abs(expected - got))
  }
  return found
}

function deep(re: string, im: string, span: string, maxIterations: number, width = 33, height = 20): FractalParams {
  return { formula: 'mandelbrot', center: [re, im], span, width, height, maxIterations }
}

test('[F13] gallery views as deep as they go equal the big-number loop', async () => {
  const found = { escaping: 0, different: 0, furthest: 0 }
  for (const { params } of gallery.filter(({ params }) => viewOf(params).deep)) {
    const one = await compare({ ...params, width: 64, height: 40 }, 11)
    found.escaping += one.escaping
    found.different += one.different
    found.furthest = Math.max(found.furthest, one.furthest)
  }
  expect(found.escaping).toBeGreaterThan(800)
  expect(found.different).toBeLessThanOrEqual(found.escaping / 1000)
  expect(found.furthest).toBeLessThanOrEqual(1)
})

test('[F13] so do views nobody tuned for: found by diving at random pixels', async () => {
  const dive = fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 15 })), {
    minLength: 13,
    maxLength: 26,
  })
  const all = { escaping: 0, different: 0, furthest: 0 }
  for (const steps of fc.sample(dive, { numRuns: 12, seed: 7 })) {
    const one = await compare(await dived(steps), 1)
    all.escaping += one.escaping
    all.different += one.different
    all.furthest = Math.max(all.furthest, one.furthest)
  }
  expect(all.escaping).toBeGreaterThan(2000)
  expect(all.different).toBeLessThanOrEqual(all.escaping / 1000)
  expect(all.furthest).toBeLessThanOrEqual(1)
})

// From the seahorse valley ten times deeper with every step, towards one of the slowest pixels to escape.
async function dived(steps: readonly (readonly [number, number])[]): Promise<FractalParams> {
  const places = 60n
  let re = -743643887037151n * 10n ** (places - 15n)
  let im = 131825904205330n * 10n ** (places - 15n)
  let zeros = 3
  let params = deep('0', '0', '1', 1)
  for (const [a, b] of steps) {
    params = deep(`${re}e-${places}`, `${im}e-${places}`, `1e-${zeros}`, 6000, 16, 16)
    const picture = await whole(params)
    const slowest = [...picture.keys()].sort((i, j) => count(picture[j]) - count(picture[i]))
    const chosen = slowest[(a + b) % 24]!
    const unit = 10n ** (places - BigInt(zeros)) / 32n
    re += unit * BigInt(2 * (chosen % 16) - 15)
    im -= unit * BigInt(2 * Math.floor(chosen / 16) - 15)
    zeros++
  }
  return params
}

test.each([
  ['the tip of the antenna', deep('-2', '0', '1e-40', 500)],
  [
    'pixels exactly on the circle where escape is decided',
    deep('-2.00000000000000000000000000000001', '0', '3e-32', 500),
  ],
  ['a centre that escapes at once', deep('-2.00000000000000000000000000000001', '0', '1e-31', 500)],
  ['a centre far outside', deep('3', '-0.5', '1e-16', 300)],
  ['a centre out of range of everything', deep('1e30', '-1e29', '1e10', 300)],
  ['a preperiodic centre', deep('0', '1', '1e-30', 1000)],
  ['the cusp', deep('0.25', '0', '1e-13', 1500, 11, 7)],
  ['a needle on the real axis', deep('-1.99999911758766165543764649311537154663', '0', '1e-22', 2000)],
  ['inside, beside a bulb', deep('-0.75', '1e-15', '1e-14', 1500, 11, 7)],
  ['an early escape', deep('-0.6', '-0.9', '1e-50', 300)],
])('[F14] %s: not one pixel differs', async (_, params) => {
  expect(viewOf(params).deep).toBe(true)
  expect(await compare(params, 1)).toMatchObject({ different: 0 })
})

test('[F15] with lanes or without, with shortcuts or without: deep bits are the same', async () => {
  const pictures = [
    ...gallery.filter(({ params }) => viewOf(params).deep).map(({ params }) => ({ ...params, width: 40, height: 25 })),
    deep('-1.7548776662466927', '0', '1e-12', 5000, 40, 25),
    deep('-1.7548776662466927600495088963585286918946', '1e-25', '1e-24', 5000, 40, 25),
  ]
  for (const params of pictures) {
    const [picture, ...others] = await Promise.all(ways.map((way) => whole(params, way)))
    for (const other of others) expect(other).toEqual(picture)
  }
})

test('[F16] pictures turn deep exactly below a step of 2^-44 × max(1, |centre|)', () => {
  const finest = 2 ** -44
  const at = (re: number, step: number) => viewOf({ center: [re, 0], span: step * 64, width: 64 }).deep
  expect(at(0.5, finest)).toBe(false)
  expect(at(0.5, finest * (1 - 2 ** -53))).toBe(true)
  expect(at(-2, finest * 2)).toBe(false)
  expect(at(-2, finest * 1.999)).toBe(true)
})

test('[F16] at the border both ways of computing draw the same picture but for rounding', async () => {
  const at = (span: number) => deep('-1.25066', '0.02012', String(span), 3000, 64, 64)
  const [shallow, perturbed] = await Promise.all([whole(at(64 * 2 ** -44)), whole(at(63.999 * 2 ** -44))])
  const equal = shallow.filter((value, i) => Math.abs(count(value) - count(perturbed[i])) <= 1).length
  expect(equal).toBeGreaterThan(0.9 * shallow.length)
})
