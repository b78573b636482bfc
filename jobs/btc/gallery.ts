import type { BtcParams } from './params.ts'

/** The id under which every pool offers the project's own sample. */
export const SAMPLE_SERIES = 'sample'

const fewer = [5, 10, 20, 40, 60, 90, 120, 180, 240, 360, 480, 720]

export const gallery: readonly { readonly name: string; readonly params: BtcParams }[] = [
  {
    name: 'Which window, which tolerance?',
    params: {
      series: SAMPLE_SERIES,
      analysis: 'sweep',
      windows: fewer,
      tolerances: [0, 0.0005, 0.001, 0.002, 0.005, 0.01],
      holds: [0, 20, 100],
      fee: 0.001,
    },
  },
  {
    name: 'How good is the two-minute prediction?',
    params: { series: SAMPLE_SERIES, analysis: 'predict', windows: fewer, horizons: [1, 4, 8, 20] },
  },
  {
    name: 'A hundred thousand futures',
    params: { series: SAMPLE_SERIES, analysis: 'forecast', paths: 100_000, points: 240, method: 'bootstrap', seed: 1 },
  },
  {
    name: 'Decision levels and a 90 % band',
    params: { series: SAMPLE_SERIES, analysis: 'levels', depth: 5, window: 500, coverage: 0.9 },
  },
]
