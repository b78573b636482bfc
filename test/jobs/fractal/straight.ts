import type { FractalParams } from '../../../jobs/fractal/params.ts'

// The oracle: straight loops written from the definition in words, sharing nothing with the kernel. For shallow pictures
// given in numbers.

/** The iteration count of one pixel, −1 where it does not escape. */
export function straight(params: FractalParams, x: number, y: number): number {
  const { formula, width, height, maxIterations } = params
  const step = Number(params.span) / width
  const pixelRe = Number(params.center[0]) + (x + 0.5 - width / 2) * step
  const pixelIm = Number(params.center[1]) - (y + 0.5 - height / 2) * step
  const julia = formula === 'julia'
  const cRe = julia ? Number(params.c?.[0]) : pixelRe
  const cIm = julia ? Number(params.c?.[1]) : pixelIm
  let re = julia ? pixelRe : 0
  let im = julia ? pixelIm : 0
  if (formula === 'multibrot3') {
    for (let n = 0; n <= maxIterations; n++) {
      if (re * re + im * im > 4) return n
      const next = re * (re * re - 3 * (im * im)) + cRe
      im = im * (3 * (re * re) - im * im) + cIm
      re = next
    }
    return -1
  }
  if (formula === 'burning-ship') {
    for (let n = 0; n <= maxIterations; n++) {
      if (re * re + im * im > 4) return n
      const a = Math.abs(re)
      const b = Math.abs(im)
      re = a * a - b * b + cRe
      im = 2 * a * b + cIm
    }
    return -1
  }
  for (let n = 0; n <= maxIterations; n++) {
    if (re * re + im * im > 4) return n
    const next = re * re - im * im + cRe
    im = 2 * re * im + cIm
    re = next
  }
  return -1
}
