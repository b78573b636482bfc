import type { FractalParams } from './params.ts'

/** The views that tests and benchmarks speak of by name, without a size. */
export const views = {
  whole: { formula: 'mandelbrot', center: [-0.5, 0], span: 3, maxIterations: 1000 },
  seahorse: {
    formula: 'mandelbrot',
    center: [-0.743643887037151, 0.13182590420533],
    span: 0.002,
    maxIterations: 5000,
  },
  minibrot: { formula: 'mandelbrot', center: [-1.7548776662466927, 0], span: 0.05, maxIterations: 5000 },
} as const satisfies Record<string, Omit<FractalParams, 'width' | 'height'>>

const wide = { width: 1024, height: 640 } as const

export const gallery: readonly { readonly name: string; readonly params: FractalParams }[] = [
  {
    name: 'Pearl',
    params: {
      ...wide,
      formula: 'mandelbrot',
      center: ['-0.743643887037158704752191506114774', '0.131825904205311970493132056385139'],
      span: '2.4e-14',
      maxIterations: 40_000,
    },
  },
  { name: 'Whole', params: { ...views.whole, width: 1024, height: 1024, center: [-0.5, 0] } },
  {
    name: 'Seahorse',
    params: { ...views.seahorse, ...wide, center: [...views.seahorse.center] },
  },
  {
    name: 'Minibrot',
    params: { ...views.minibrot, ...wide, center: [...views.minibrot.center], palette: 'aurora' },
  },
  {
    name: 'Julia',
    params: {
      formula: 'julia',
      center: [0, 0],
      span: 3,
      width: 500,
      height: 500,
      maxIterations: 255,
      c: [-0.7, 0.27015],
    },
  },
  {
    name: 'Ship in the water',
    params: {
      ...wide,
      formula: 'burning-ship',
      center: [-1.762, -0.028],
      span: 0.13,
      maxIterations: 1000,
      palette: 'ember',
    },
  },
  {
    name: 'Reef',
    params: {
      ...wide,
      formula: 'multibrot3',
      center: [0.467421874, 0.043203124],
      span: 0.006,
      maxIterations: 3000,
      palette: 'coral',
    },
  },
  {
    name: 'Constellation',
    params: {
      ...wide,
      formula: 'mandelbrot',
      center: ['-0.7435651036139040305976252109375', '0.1317571545038417699607353828124'],
      span: '3e-23',
      maxIterations: 6000,
    },
  },
  {
    name: 'Sunflower',
    params: {
      ...wide,
      formula: 'mandelbrot',
      center: ['-0.7432249269238138783336622890624', '0.1317377943015419038054508203124'],
      span: '1e-23',
      maxIterations: 8000,
      palette: 'ember',
    },
  },
  {
    name: 'Forty-eight zeros down',
    params: {
      ...wide,
      formula: 'mandelbrot',
      center: [
        '-0.74335180806154665200525523613144828207223352190377265625',
        '0.13138177698620110203843359925751992694874440013948359374',
      ],
      span: '2e-48',
      maxIterations: 20_000,
      palette: 'coral',
    },
  },
]
