import { deflateSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type EncodeTools, MalformedOutput } from '../../../jobs/define.ts'
import { fractal } from '../../../jobs/fractal/index.ts'
import type { FractalParams } from '../../../jobs/fractal/params.ts'
import { crc32 } from '../../../jobs/math/png.ts'
import { built } from './built.ts'

const params: FractalParams = {
  formula: 'mandelbrot',
  center: [-0.5, 0],
  span: 3,
  width: 210,
  height: 130,
  maxIterations: 300,
}

async function outputsOf(): Promise<Uint8Array[]> {
  const { kernel } = await built
  const prepared = await kernel.prepare(params)
  return Array.from({ length: fractal.split(params, undefined) }, (_, index) => kernel.run(prepared, index, () => {}))
}

async function* stream(outputs: Iterable<Uint8Array>) {
  yield* outputs
}

const tools: EncodeTools = {
  async *deflate(source) {
    const parts: Uint8Array[] = []
    for await (const part of source) parts.push(part)
    yield deflateSync(Buffer.concat(parts))
  },
}

async function collected(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part.slice())
  return Buffer.concat(all)
}

test('[F18] the PNG is well formed and shows exactly what the tiles paint', async () => {
  const outputs = await outputsOf()
  const png = await collected(fractal.formats.result.encode(params, stream(outputs), tools, undefined))
  expect(png.subarray(0, 8)).toEqual(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]))
  const data: Buffer[] = []
  const names: string[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const body = png.subarray(at + 4, at + 8 + length)
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body))
    names.push(body.toString('latin1', 0, 4))
    if (names.at(-1) === 'IDAT') data.push(body.subarray(4))
    at += 12 + length
  }
  expect([names[0], names.at(-1)]).toEqual(['IHDR', 'IEND'])
  const rows = unfiltered(inflateSync(Buffer.concat(data)))
  outputs.forEach((output, index) => {
    const { region, rgb } = fractal.picture!.paint(params, index, output, 1)
    for (let y = 0; y < region.height; y++) {
      const painted = rgb.subarray(y * region.width * 3, (y + 1) * region.width * 3)
      const shown = rows[region.y + y]!.subarray(region.x * 3, (region.x + region.width) * 3)
      expect(Buffer.compare(shown, painted)).toBe(0)
    }
  })
})

function unfiltered(data: Buffer): Buffer[] {
  return Array.from({ length: params.height }, (_, y) => {
    const row = data.subarray(y * (params.width * 3 + 1) + 1, (y + 1) * (params.width * 3 + 1))
    expect(data[y * (params.width * 3 + 1)]).toBe(1)
    for (let i = 3; i < row.length; i++) row[i] = (row[i]! + row[i - 3]!) & 255
    return row
  })
}

test('[F19] raw bytes come row by row of tiles, while later tiles are still to come', async () => {
  const outputs = await outputsOf()
  let taken = 0
  async function* counted() {
    for (const output of outputs) {
      taken++
      yield output
    }
  }
  const columns = Math.ceil(params.width / 32)
  const parts: number[] = []
  for await (const part of fractal.formats['raw']!.encode(params, counted(), tools, undefined)) {
    parts.push(part.length)
    expect(taken).toBe(parts.length * columns)
  }
  expect(parts).toEqual([32, 32, 32, 32, 2].map((rows) => rows * params.width * 4))
})

test('[F19] too few, too many or torn outputs end in an error, not in a wrong picture', async () => {
  const outputs = await outputsOf()
  const raw = (some: Uint8Array[]) => collected(fractal.formats['raw']!.encode(params, stream(some), tools, undefined))
  await expect(raw(outputs.slice(1))).rejects.toThrow(MalformedOutput)
  await expect(raw(outputs.slice(0, -1))).rejects.toThrow(MalformedOutput)
  await expect(raw([...outputs, outputs[0]!])).rejects.toThrow(MalformedOutput)
})

test('[F20] a credit is a million iterations, rounded up, a pixel that stays counting the limit', () => {
  const one: FractalParams = { ...params, width: 1, height: 3, maxIterations: 1_000_000 }
  const output = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer)
  const price = (...values: number[]) => fractal.credit(one, 0, output(...values), undefined)
  expect(price(256, 256, 256)).toBe(1)
  expect(price(0xffffffff, 256, 256)).toBe(2)
  expect(price(0xffffffff, 0xffffffff, 1_000_000 * 256 + 255)).toBe(3)
  expect(() => price(256, 256, 1_000_001 * 256)).toThrow(MalformedOutput)
  expect(() => price(256, 256, 255)).toThrow(MalformedOutput)
  expect(fractal.credit({ ...one, formula: 'julia', c: [0, 0] }, 0, output(0, 0, 0), undefined)).toBe(1)
})

test('[F21] tiles follow from params, share small pictures among many and keep big ones few', () => {
  const split = (changes: Partial<FractalParams>) => fractal.split({ ...params, ...changes }, undefined)
  expect(split({ width: 2048, height: 2048, maxIterations: 1000 })).toBe(64)
  expect(split({ width: 1, height: 1 })).toBe(1)
  expect(split({ width: 500, height: 500 })).toBe(64)
  expect(split({ width: 16384, height: 8192, maxIterations: 5000 })).toBeLessThan(10_000)
  expect(split({ width: 16384, height: 8192, maxIterations: 16_000_000 })).toBeLessThan(2_200_000)
})
