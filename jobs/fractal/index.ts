import type { Kind } from '../define.ts'
import { gallery } from './gallery.ts'
import { paint } from './paint.ts'
import { type FractalParams, schema } from './params.ts'
import { BYTES_PER_PIXEL, creditOf } from './payload.ts'
import { png } from './png.ts'
import { bandsOf } from './rows.ts'
import { regionOf, tileCount } from './tiles.ts'
import { titleOf } from './title.ts'

export type { FractalParams } from './params.ts'

/** Escape-time pictures of four formulas, defined to the bit in this folder's README. */
export const fractal: Kind<FractalParams, undefined> = {
  id: 'fractal',
  summary: 'Computes a fractal picture: Mandelbrot, Julia, Burning Ship or a cubic Multibrot.',
  schema,
  title: titleOf,
  split: tileCount,
  credit: (params, index, output) => creditOf(params, regionOf(params, index), output),
  formats: {
    result: { contentType: 'image/png', extension: 'png', encode: png },
    raw: {
      contentType: 'application/octet-stream',
      extension: 'bin',
      label: 'Raw data',
      sizeBytes: ({ width, height }) => width * height * BYTES_PER_PIXEL,
      encode: bandsOf,
    },
  },
  picture: {
    size: ({ width, height }) => ({ width, height }),
    region: (params, index) => regionOf(params, index),
    paint,
  },
  gallery,
}
