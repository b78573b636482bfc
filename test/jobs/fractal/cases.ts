import type { FractalParams } from '../../../jobs/fractal/index.ts'

/** Small jobs for the laws every kind keeps. */
export const cases: readonly { readonly params: FractalParams }[] = [
  { params: { formula: 'mandelbrot', center: [-0.5, 0], span: 3, width: 150, height: 101, maxIterations: 200 } },
  {
    params: {
      formula: 'julia',
      center: ['0', '0'],
      span: '3.2',
      width: 67,
      height: 131,
      maxIterations: 100,
      c: [-0.7, 0.27015],
      palette: 'ember',
    },
  },
  { params: { formula: 'burning-ship', center: [-1.76, -0.03], span: 0.1, width: 1, height: 1, maxIterations: 50 } },
  { params: { formula: 'multibrot3', center: [0, 0], span: 2.5, width: 300, height: 3, maxIterations: 1 } },
  {
    params: {
      formula: 'mandelbrot',
      center: ['-2', '1e-30'],
      span: '1e-29',
      width: 40,
      height: 40,
      maxIterations: 300,
    },
  },
]
