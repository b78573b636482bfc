import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytes, count, percent } from '../../components/words/count.ts'
import { roughly } from '../../components/words/dates.ts'
import { priceOf, promiseOf } from '../../components/words/job.ts'
import { moved } from '../../jobs/fractal/place.ts'
import { rational } from '../../jobs/math/rational.ts'

// Words that carry a promise, and the one piece of arithmetic the submit page has.

test('[U20] a share is never said to be whole before it is, nor nothing when it is something', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      const said = percent(share)
      expect(said === '100 %').toBe(share === 1)
      expect(said === '0 %').toBe(share === 0)
    }),
  )
})

test('[U21] numbers carry their unit, and estimates no more exactness than they have', () => {
  expect([count(1, 'device'), count(2, 'device'), count(1, 'person', 'people')]).toEqual([
    '1 device',
    '2 devices',
    '1 person',
  ])
  expect([bytes(999), bytes(1500), bytes(14_745_600)]).toEqual(['999 bytes', '1.5 kB', '14.7 MB'])
  expect([roughly(2), roughly(41), roughly(171), roughly(7300)]).toEqual([
    'a few seconds',
    '45 seconds',
    'about 3 minutes',
    'about 2 hours',
  ])
})

test('[U22] every trust has its own promise in words, and its price', () => {
  const names = (['fast', 'normal', 'strict', { maxWrong: 0.001 }] as const).map((trust) => promiseOf(trust).name)
  expect(new Set(names).size).toBe(4)
  expect(promiseOf({ maxWrong: 0.001 }).short).toMatch(/0\.1 %/)
  expect(priceOf({ overhead: { expected: 0.033, measured: 0.05 }, status: 'done' })).toBe(
    'Checking costs extra work: expected 3 %, measured 5 %.',
  )
})

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.constant(40))
  .map(([digits, places]) => {
    const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, '0')
    return `${digits < 0n ? '-' : ''}${text.slice(0, -places)}.${text.slice(-places)}`
  })

test('[U23] what was under the finger is in the middle, to a thousandth of a pixel, however deep', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(decimal, decimal, fc.integer({ min: -40, max: 0 }), share, share, (re, im, power, x, y) => {
      const span = Number(`3e${power}`)
      const params = {
        formula: 'mandelbrot',
        center: [re, im],
        span,
        width: 900,
        height: 600,
        maxIterations: 9,
      } as const
      const { center } = moved({ ...params, center: [re, im] }, { x, y, wider: 1 })
      const step = span / 900
      const off = (to: number | string, from: string, by: number) => {
        const [a, b, c] = [rational(to)!, rational(from)!, rational(by)!]
        const num = a.num * b.den * c.den - b.num * a.den * c.den - c.num * a.den * b.den
        const den = a.den * b.den * c.den
        // In thousandths of a pixel, whole: bigger numbers than doubles hold are fine.
        const pixel = rational(step / 1000)!
        return (num < 0n ? -num : num) * pixel.den <= den * pixel.num
      }
      expect(off(center[0], re, (x - 0.5) * span)).toBe(true)
      expect(off(center[1], im, (0.5 - y) * span * (600 / 900))).toBe(true)
    }),
  )
})
