import { deflateSync } from 'node:zlib'
import type { Picture, Region } from '../../jobs/define.ts'
import { pngData, pngEnd, pngStart } from '../../jobs/math/png.ts'
import { previewStep } from '../../protocol/live.ts'

/** Tiles are small and many: a fast level costs a few per cent of size. */
const PNG_LEVEL = 3

/** A piece of a preview, in its pixels. */
export interface Tile extends Region {
  readonly index: number
  readonly png: Uint8Array<ArrayBuffer>
}

/** A job's picture so far, small enough to send: every how many-th pixel the preview's size allows. */
export function createCanvas(picture: Picture<unknown>, params: unknown) {
  const size = picture.size(params)
  const step = previewStep(size)
  const width = Math.ceil(size.width / step)
  const height = Math.ceil(size.height / step)
  const pixels = new Uint8Array(width * height * 4)
  let encoded: Uint8Array<ArrayBuffer> | null = null

  return {
    /** @param tile whether the piece is wanted by itself too */
    paint(index: number, output: Uint8Array, tile: boolean): Tile | null {
      const { region, rgb } = picture.paint(params, index, output, step)
      if (region.width === 0 || region.height === 0) return null
      for (let y = 0; y < region.height; y++) {
        let to = ((region.y + y) * width + region.x) * 4
        let at = y * region.width * 3
        for (let x = 0; x < region.width; x++) {
          pixels[to] = rgb[at]!
          pixels[to + 1] = rgb[at + 1]!
          pixels[to + 2] = rgb[at + 2]!
          pixels[to + 3] = 255
          to += 4
          at += 3
        }
      }
      encoded = null
      return tile ? { index, ...region, png: png(region.width, region.height, 3, rgb) } : null
    },
    /** The task is open again: its place turns transparent. */
    clear(index: number): void {
      const region = shrink(picture.region(params, index), step)
      for (let y = 0; y < region.height; y++) {
        const start = ((region.y + y) * width + region.x) * 4
        pixels.fill(0, start, start + region.width * 4)
      }
      encoded = null
    },
    snapshot(): Uint8Array<ArrayBuffer> {
      encoded ??= png(width, height, 4, pixels)
      return encoded.slice()
    },
  }
}

export type Canvas = ReturnType<typeof createCanvas>

/** The pixels of a region whose full coordinates are multiples of `step`, in units of `step`. */
function shrink(region: Region, step: number): Region {
  const x = Math.ceil(region.x / step)
  const y = Math.ceil(region.y / step)
  return {
    x,
    y,
    width: Math.ceil((region.x + region.width) / step) - x,
    height: Math.ceil((region.y + region.height) / step) - y,
  }
}

/** A PNG of 8-bit samples, row-major: 3 a pixel is RGB, 4 is RGBA. */
function png(width: number, height: number, channels: 3 | 4, pixels: Uint8Array): Uint8Array<ArrayBuffer> {
  const stride = width * channels
  const rows = new Uint8Array((stride + 1) * height)
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1)
  const data = pngData(deflateSync(rows, { level: PNG_LEVEL }))
  // In memory of its own: it is moved to another thread.
  return new Uint8Array(Buffer.concat([...pngStart(width, height, channels), ...data, ...pngEnd()]))
}
