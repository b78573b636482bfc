import { MalformedOutput } from '../define.ts'
import type { FractalParams } from './params.ts'
import { BYTES_PER_PIXEL, pixelsOf } from './payload.ts'
import { gridOf, regionOf } from './tiles.ts'

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
