import type { Kernel } from '../../jobs/define.ts'
import type { PaintedTile } from './messages.ts'

/** Longest side of an owner's tile, pixels: a thumbnail, whatever the job's tiles measure. */
const TILE_PIXELS = 96

/** Zero or one small picture of a task's output. */
export type Painter = (index: number, output: Uint8Array) => readonly PaintedTile[]

/** All tiles of a job are sampled alike, so that they fit together. */
export function createPainter(paint: NonNullable<Kernel['paint']>, params: unknown): Painter {
  let step: number | undefined
  return (index, output) => {
    try {
      step ??= stepFor(paint(params, index, output, 1).region)
      const { region, rgb } = paint(params, index, output, step)
      const { x, y, width, height } = region
      if (width < 1 || height < 1) return []
      const rgba = new Uint8ClampedArray(width * height * 4)
      for (let from = 0, to = 0; to < rgba.length; from += 3, to += 4) {
        rgba[to] = rgb[from] ?? 0
        rgba[to + 1] = rgb[from + 1] ?? 0
        rgba[to + 2] = rgb[from + 2] ?? 0
        rgba[to + 3] = 255
      }
      return [{ index, step, x, y, width, height, rgba }]
    } catch {
      // A tile that cannot be drawn is no reason to lose the output.
      return []
    }
  }
}

function stepFor({ width, height }: { readonly width: number; readonly height: number }): number {
  let step = 1
  while (Math.max(width, height) / step > TILE_PIXELS) step *= 2
  return step
}
