import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { exp } from '../../../jobs/math/exp-log.ts'
import { createRandom } from '../../../jobs/math/random.ts'

const root = join(import.meta.dirname, '..', '..', '..')

let math: {
  ln(x: number): number
  normalQuantile(p: number): number
  seedKey(seed: bigint): bigint
  random64(key: bigint, stream: number, draw: number): bigint
  unit(bits: bigint): number
  below(bits: bigint, limit: number): number
}

beforeAll(async () => {
  let wasm: Uint8Array | undefined
  const flags = ['--runtime', 'stub', '--optimizeLevel', '3', '--noAssert', '--baseDir', root, '--outFile', 'math.wasm']
  const { error, stderr } = await asc.main(['test/jobs/btc/math.as.ts', ...flags], {
    readFile: (name, base) => readFile(join(base, name), 'utf8').catch(() => null),
    writeFile: (_, contents) => {
      wasm = contents as Uint8Array
    },
  })
  if (error || !wasm) throw new Error(stderr.toString())
  math = new WebAssembly.Instance(new WebAssembly.Module(wasm.slice())).exports as unknown as typeof math
})

const near = (a: number, b: number, ulps: number) => Math.abs(a - b) <= ulps * Number.EPSILON * Math.abs(b)

test('[B5] ln and exp are within a few last places of the engine’s own', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => near(math.ln(x), Math.log(x), 4)),
    { numRuns: 20_000 },
  )
  fc.assert(
    fc.property(fc.double({ min: 0.99, max: 1.01, noNaN: true }), (x) => near(math.ln(x), Math.log(x), 4)),
    { numRuns: 20_000 },
  )
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => near(exp(x), Math.exp(x), 4)),
    { numRuns: 20_000 },
  )
  expect(math.ln(1)).toBe(0)
  expect([exp(0), exp(-800), exp(800)]).toEqual([1, 0, Number.POSITIVE_INFINITY])
})

/** Φ(x) by its power series, x below 0 to keep every digit of the tail; independent of the rational approximation. */
function normalShare(x: number): number {
  if (x < -4) {
    // Laplace's continued fraction of the tail.
    let fraction = 0
    for (let k = 400; k >= 1; k--) fraction = k / (-x + fraction)
    return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI) / (-x + fraction)
  }
  let term = x
  let sum = x
  for (let k = 1; k < 300; k++) {
    term *= (x * x) / (2 * k + 1)
    sum += term
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}

test('[B5] the normal quantile inverts the normal distribution, in the middle and far out', () => {
  for (let p = 1 / 1024; p < 0.5; p += 1 / 1024) {
    expect(Math.abs(normalShare(math.normalQuantile(p)) / p - 1)).toBeLessThan(1e-12)
    expect(near(math.normalQuantile(1 - p), -math.normalQuantile(p), 64)).toBe(true)
  }
  for (const p of [1e-5, 1e-8, 1e-12, 1e-16]) {
    expect(Math.abs(normalShare(math.normalQuantile(p)) / p - 1)).toBeLessThan(1e-12)
  }
  expect(math.normalQuantile(0.5)).toBe(0)
  expect(math.normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14)
})

test('[B6] random numbers are splitmix64 read at any place, and streams of a seed never meet', () => {
  // The reference sequence of seed 1234567 (Rosetta Code, “Pseudo-random numbers/Splitmix64”).
  const unsigned = (bits: bigint) => BigInt.asUintN(64, bits)
  expect([0, 1, 2].map((draw) => unsigned(math.random64(1234567n, 0, draw)))).toEqual([
    6457827717110365317n,
    3203168211198807973n,
    9817491932198370423n,
  ])
  const seen = new Set<bigint>()
  for (let stream = 0; stream < 300; stream++) {
    for (let draw = 0; draw < 300; draw++) seen.add(math.random64(math.seedKey(7n), stream, draw))
  }
  expect(seen.size).toBe(90_000)
})

test('[B6] neighbouring seeds, streams and draws are spread evenly and do not follow each other', () => {
  const sequences = [
    (i: number) => math.random64(math.seedKey(BigInt(i)), 0, 1),
    (i: number) => math.random64(math.seedKey(1n), i, 1),
    (i: number) => math.random64(math.seedKey(1n), 1, i),
  ]
  for (const sequence of sequences) {
    const values = Array.from({ length: 40_000 }, (_, i) => math.unit(BigInt.asUintN(64, sequence(i))))
    const counts = new Array<number>(100).fill(0)
    for (const value of values) counts[Math.floor(value * 100)]!++
    // χ² with 99 degrees of freedom: beyond 170 once in a hundred thousand.
    expect(counts.reduce((sum, count) => sum + (count - 400) ** 2 / 400, 0)).toBeLessThan(170)
    let product = 0
    for (let i = 1; i < values.length; i++) product += (values[i]! - 0.5) * (values[i - 1]! - 0.5)
    // Deviation of the correlation of independent ones: 1 / √40,000.
    expect(Math.abs((product * 12) / values.length)).toBeLessThan(5 / 200)
  }
})

test('[B6] a number below a limit is below it, at both ends of what the bits can be', () => {
  expect(math.unit(0n)).toBeGreaterThan(0)
  expect(math.unit((1n << 64n) - 1n)).toBeLessThan(1)
  expect([math.below(0n, 7), math.below((1n << 64n) - 1n, 7), math.below((1n << 64n) - 1n, 1 << 24)]).toEqual([
    0,
    6,
    (1 << 24) - 1,
  ])
})

test('[B6] random numbers in TypeScript are those of the kernels, bit for bit', () => {
  const seed = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.maxSafeNat())
  fc.assert(
    fc.property(seed, fc.oneof(fc.nat(9), fc.nat(0xffffffff)), (seed, stream) => {
      const random = createRandom(seed, stream)
      const key = math.seedKey(BigInt(seed))
      for (let draw = 0; draw < 20; draw++)
        if (random() !== math.unit(BigInt.asUintN(64, math.random64(key, stream, draw)))) return false
      return true
    }),
    { numRuns: 500 },
  )
})
