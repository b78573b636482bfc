import type { FractalParams } from '../../../jobs/fractal/params.ts'

// The oracle for deep pictures: the same recurrence in fixed point, written from the definition, sharing nothing with
// the kernel. Centre and span as plain decimals with an optional exponent.

export interface FixedPoint {
  /** The iteration count of one pixel, −1 where it does not escape. */
  at(x: number, y: number): number
}

export function fixedPoint(params: FractalParams): FixedPoint {
  const { width, height, maxIterations } = params
  const bits = 64 + 2 * Math.ceil(Math.log2(width / Number(params.span)))
  const shift = BigInt(bits)
  const centerRe = fixed(params.center[0], shift)
  const centerIm = fixed(params.center[1], shift)
  // Twice the distance in pixels is whole; the span gets 64 more bits, so that the step is exact enough everywhere.
  const span = fixed(params.span, shift + 64n)
  const offset = (twice: number) => ((span * BigInt(twice)) / BigInt(2 * width)) >> 64n
  const four = 4n << shift
  return {
    at(x, y) {
      const cRe = centerRe + offset(2 * x + 1 - width)
      const cIm = centerIm - offset(2 * y + 1 - height)
      let re = 0n
      let im = 0n
      for (let n = 0; n <= maxIterations; n++) {
        const rr = (re * re) >> shift
        const ii = (im * im) >> shift
        if (rr + ii > four) return n
        im = ((2n * re * im) >> shift) + cIm
        re = rr - ii + cRe
      }
      return -1
    },
  }
}

function fixed(value: number | string, shift: bigint): bigint {
  const [mantissa = '', exponent = '0'] = String(value).toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = BigInt(whole + fraction)
  const power = Number(exponent) - fraction.length
  return power >= 0 ? (digits * 10n ** BigInt(power)) << shift : (digits << shift) / 10n ** BigInt(-power)
}
