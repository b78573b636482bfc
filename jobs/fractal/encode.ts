import { type EncodeTools, MalformedOutput } from '../define.ts'
import { pngData, pngEnd, pngStart } from '../math/png.ts'
import { painter } from './palette.ts'
import type { FractalParams } from './params.ts'
import { BYTES_PER_PIXEL, gridOf, pixelsOf, regionOf } from './tiles.ts'

/** Each byte minus the one a pixel to the left: smooth colours become small numbers. */
const FILTER_SUB = 1

/** An 8-bit RGB PNG, written as the tiles come. */
export async function* png(
  params: FractalParams,
  outputs: AsyncIterable<Uint8Array>,
  tools: EncodeTools,
): AsyncGenerator<Uint8Array> {
  yield* pngStart(params.width, params.height, 3)
  for await (const part of tools.deflate(scanlines(params, outputs))) yield* pngData(part)
  yield* pngEnd()
}

async function* scanlines(params: FractalParams, outputs: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const colour = painter(params.palette)
  const rgb = new Uint8Array(params.width * 3)
  const rowBytes = params.width * BYTES_PER_PIXEL
  for await (const band of bandsOf(params, outputs)) {
    const pixels = new DataView(band.buffer)
    const rows = band.length / rowBytes
    const lines = new Uint8Array(rows * (1 + rgb.length))
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < params.width; x++) colour(pixels.getUint32(y * rowBytes + x * 4, true), rgb, x * 3)
      const line = y * (1 + rgb.length)
      lines[line] = FILTER_SUB
      for (let i = 0; i < rgb.length; i++)
        lines[line + 1 + i] = (rgb[i] as number) - (i < 3 ? 0 : (rgb[i - 3] as number))
    }
    yield lines
  }
}

/** Joins tiles, which come in task order, to bands of whole rows. Memory: one row of tiles, at most 16 MiB. */
export async function* bandsOf(params: FractalParams, outputs: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const grid = gridOf(params)
  const rowBytes = params.width * BYTES_PER_PIXEL
  let index = 0
  let band = new Uint8Array()
  for await (const output of outputs) {
    if (index >= grid.columns * grid.rows) throw new MalformedOutput('More outputs than tasks.')
    const region = regionOf(params, index, grid)
    pixelsOf(output, region)
    if (region.x === 0) band = new Uint8Array(region.height * rowBytes)
    const tileBytes = region.width * BYTES_PER_PIXEL
    for (let y = 0; y < region.height; y++) {
      band.set(output.subarray(y * tileBytes, (y + 1) * tileBytes), y * rowBytes + region.x * BYTES_PER_PIXEL)
    }
    index++
    if (index % grid.columns === 0) yield band
  }
  if (index < grid.columns * grid.rows) throw new MalformedOutput(`Only ${index} outputs.`)
}
