import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { log2 } from '../../jobs/math/exp-log.ts'
import { crc32 } from '../../jobs/math/png.ts'
import { fixedPoint, nearestDouble, rational } from '../../jobs/math/rational.ts'

test('[F22] a decimal becomes the nearest double, whatever its length and exponent', () => {
  const decimal = fc
    .tuple(
      fc.constantFrom('', '-', '+'),
      fc.stringMatching(/^[0-9]{1,40}$/),
      fc.stringMatching(/^[0-9]{0,40}$/),
      fc.integer({ min: -380, max: 300 }),
    )
    .map(([sign, whole, fraction, exponent]) => `${sign}${whole}.${fraction}e${exponent}`)
  fc.assert(
    fc.property(decimal, (text) => {
      expect(nearestDouble(rational(text)!) + 0).toBe(Number(text) + 0)
    }),
    { numRuns: 3000 },
  )
  for (const text of ['4.9e-324', '2.4703282292062327e-324', '2.4703282292062328e-324', '2.2250738585072011e-308'])
    expect(nearestDouble(rational(text)!)).toBe(Number(text))
  for (const text of ['1.7976931348623158e308', '1.7976931348623159e308', '9007199254740993', '0.1', '-0.0', '1e-3000'])
    expect(nearestDouble(rational(text)!) + 0).toBe(Number(text) + 0)
  expect(rational('1e400')).toBeNull()
})

test('[F22] a double is exactly itself', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(nearestDouble(rational(value)!) + 0).toBe(value + 0)
    }),
  )
  expect(fixedPoint(rational(-0.75)!, 4)).toBe(-12n)
  expect(fixedPoint(rational('-0.8')!, 2)).toBe(-3n)
})

test('[F23] log2 is within three units in the last place, and exact at powers of two', () => {
  for (let power = -1074; power <= 1023; power++) expect(log2(2 ** power)).toBe(power)
  fc.assert(
    fc.property(fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }), (value) => {
      const expected = Math.log2(value)
      return Math.abs(log2(value) - expected) <= 3 * 2 ** -52 * Math.max(Math.abs(expected), 2 ** -4)
    }),
    { numRuns: 2000 },
  )
})

test('[F23] crc32 is the one of zlib, in one piece or several', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      return crc32(b, crc32(a)) === zlibCrc32(Buffer.concat([a, b]))
    }),
  )
})
