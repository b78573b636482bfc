import type { Kind } from '../define.ts'
import { bandsOf, png } from './encode.ts'
import { gallery } from './gallery.ts'
import { type Formula, type FractalParams, schema } from './params.ts'
import { double } from './place.ts'
import { BYTES_PER_PIXEL, creditOf, paint, regionOf, tileCount } from './tiles.ts'

export type { FractalParams } from './params.ts'

const NAMES: Record<Formula, string> = {
  mandelbrot: 'Mandelbrot set',
  julia: 'Julia set',
  'burning-ship': 'Burning Ship',
  multibrot3: 'Cubic Multibrot',
}

/** For example "Mandelbrot set near -0.7436 + 0.1318i, span 0.002". */
function titleOf({ formula, center, span, c }: FractalParams): string {
  const place = formula === 'julia' && c ? `of c = ${complex(c)}` : `near ${complex(center)}`
  return `${NAMES[formula]} ${place}, span ${short(span)}`
}

function complex([re, im]: readonly [number | string, number | string]): string {
  const imaginary = double(im)
  return `${short(re)} ${imaginary < 0 ? '−' : '+'} ${short(Math.abs(imaginary))}i`
}

/** Four significant digits. */
function short(value: number | string): string {
  return String(Number(double(value).toPrecision(4))).replace('-', '−')
}

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
