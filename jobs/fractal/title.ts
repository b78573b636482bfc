import type { Formula, FractalParams } from './params.ts'
import { double } from './view.ts'

const NAMES: Record<Formula, string> = {
  mandelbrot: 'Mandelbrot set',
  julia: 'Julia set',
  'burning-ship': 'Burning Ship',
  multibrot3: 'Cubic Multibrot',
}

/** For example "Mandelbrot set near -0.7436 + 0.1318i, span 0.002". */
export function titleOf({ formula, center, span, c }: FractalParams): string {
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
