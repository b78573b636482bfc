import type { FractalParams } from './params.ts'

export const gallery: readonly { readonly name: string; readonly params: FractalParams }[] = [
  {
    name: 'whole',
    params: { formula: 'mandelbrot', center: [-0.5, 0], span: 3, width: 1024, height: 1024, maxIterations: 1000 },
  },
]
