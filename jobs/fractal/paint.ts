import type { Picture, Region } from '../define.ts'
import { painter } from './palette.ts'
import type { FractalParams } from './params.ts'
import { pixelsOf } from './payload.ts'
import { regionOf } from './tiles.ts'

/** {@link Picture.paint}. */
export const paint: Picture<FractalParams>['paint'] = (params, index, output, step) => {
  const region = regionOf(params, index)
  const pixels = pixelsOf(output, region)
  const sampled = sample(region, step)
  const rgb = new Uint8Array(sampled.width * sampled.height * 3)
  const colour = painter(params.palette)
  let at = 0
  for (let y = sampled.y; y < sampled.y + sampled.height; y++) {
    const row = (y * step - region.y) * region.width - region.x
    for (let x = sampled.x; x < sampled.x + sampled.width; x++) {
      colour(pixels.getUint32((row + x * step) * 4, true), rgb, at)
      at += 3
    }
  }
  return { region: sampled, rgb }
}

function sample({ x, y, width, height }: Region, step: number): Region {
  const left = Math.ceil(x / step)
  const top = Math.ceil(y / step)
  return { x: left, y: top, width: Math.ceil((x + width) / step) - left, height: Math.ceil((y + height) / step) - top }
}
