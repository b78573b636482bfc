import type { PaletteName } from './palette.ts'
import type { Formula, FractalParams } from './params.ts'

type Place = Omit<FractalParams, 'width' | 'height'>

/** The views that tests and benchmarks speak of by name, without a size. */
export const views = {
  whole: place('mandelbrot', [-0.5, 0], 3, 1000),
  seahorse: place('mandelbrot', [-0.743643887037151, 0.13182590420533], 0.002, 5000),
  minibrot: place('mandelbrot', [-1.7548776662466927, 0], 0.05, 5000),
}

const wide = { width: 1024, height: 640 }
const pearl: Place['center'] = ['-0.743643887037158704752191506114774', '0.131825904205311970493132056385139']
const constellation: Place['center'] = ['-0.7435651036139040305976252109375', '0.1317571545038417699607353828124']
const sunflower: Place['center'] = ['-0.7432249269238138783336622890624', '0.1317377943015419038054508203124']
const farDown: Place['center'] = [
  '-0.74335180806154665200525523613144828207223352190377265625',
  '0.13138177698620110203843359925751992694874440013948359374',
]

export const gallery: readonly { readonly name: string; readonly params: FractalParams }[] = [
  { name: 'Pearl', params: { ...wide, ...place('mandelbrot', pearl, '2.4e-14', 40_000) } },
  { name: 'Whole', params: { ...views.whole, width: 1024, height: 1024 } },
  { name: 'Seahorse', params: { ...views.seahorse, ...wide } },
  { name: 'Minibrot', params: { ...views.minibrot, ...wide, palette: 'aurora' } },
  { name: 'Julia', params: { ...place('julia', [0, 0], 3, 255), width: 500, height: 500, c: [-0.7, 0.27015] } },
  { name: 'Ship in the water', params: { ...wide, ...place('burning-ship', [-1.762, -0.028], 0.13, 1000, 'ember') } },
  { name: 'Reef', params: { ...wide, ...place('multibrot3', [0.467421874, 0.043203124], 0.006, 3000, 'coral') } },
  { name: 'Constellation', params: { ...wide, ...place('mandelbrot', constellation, '3e-23', 6000) } },
  { name: 'Sunflower', params: { ...wide, ...place('mandelbrot', sunflower, '1e-23', 8000, 'ember') } },
  { name: 'Forty-eight zeros down', params: { ...wide, ...place('mandelbrot', farDown, '2e-48', 20_000, 'coral') } },
]

function place(
  formula: Formula,
  center: Place['center'],
  span: number | string,
  maxIterations: number,
  palette?: PaletteName,
): Place {
  return { formula, center, span, maxIterations, ...(palette && { palette }) }
}
