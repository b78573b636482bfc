import type { EncodeTools } from '../define.ts'
import { crc32 } from '../math/crc32.ts'
import { painter } from './palette.ts'
import type { FractalParams } from './params.ts'
import { BYTES_PER_PIXEL } from './payload.ts'
import { bandsOf } from './rows.ts'

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10)
const TRUECOLOUR = 2
/** Each byte minus the one a pixel to the left: smooth colours become small numbers. */
const FILTER_SUB = 1

/** An 8-bit RGB PNG, written as the tiles come. */
export async function* png(
  params: FractalParams,
  outputs: AsyncIterable<Uint8Array>,
  tools: EncodeTools,
): AsyncGenerator<Uint8Array> {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, params.width)
  view.setUint32(4, params.height)
  header[8] = 8
  header[9] = TRUECOLOUR
  yield SIGNATURE
  yield* chunk('IHDR', header)
  for await (const part of tools.deflate(scanlines(params, outputs))) yield* chunk('IDAT', part)
  yield* chunk('IEND', new Uint8Array())
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

function* chunk(type: string, data: Uint8Array): Generator<Uint8Array> {
  const head = new Uint8Array(8)
  new DataView(head.buffer).setUint32(0, data.length)
  for (let i = 0; i < 4; i++) head[4 + i] = type.charCodeAt(i)
  const tail = new Uint8Array(4)
  new DataView(tail.buffer).setUint32(0, crc32(data, crc32(head.subarray(4))))
  yield head
  if (data.length > 0) yield data
  yield tail
}
