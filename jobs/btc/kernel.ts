import type { Kernel } from '../define.ts'
import type { Runner } from './analysis.ts'
import { runForecast } from './forecast/run.ts'
import { runLevels } from './levels/run.ts'
import type { BtcParams } from './params.ts'
import { runPredict } from './predict/run.ts'
import { decodePrices, MalformedSeries } from './series.ts'
import { runSweep } from './sweep/run.ts'
import { load, type Wasm } from './wasm.ts'

/** For tests and benchmarks; no bit of the output depends on it. */
export interface Choices {
  /** Several lanes at a time. Default: what the engine can. */
  readonly simd?: boolean
}

/** @param input the prices, as `range.ts` cuts them out of a stored series */
export function prepareWith(params: BtcParams, input: Uint8Array, { simd }: Choices = {}): Runner {
  const prices = decodePrices(input)
  return runnerOf(load(prices, simd), params, prices)
}

function runnerOf(wasm: Wasm, params: BtcParams, prices: Float64Array): Runner {
  const points = prices.length
  switch (params.analysis) {
    case 'sweep':
      return runSweep(wasm, params, points)
    case 'predict':
      return runPredict(wasm, params, points)
    case 'forecast':
      return runForecast(wasm, params, prices)
    case 'levels':
      return runLevels(wasm, params, points)
  }
}

export const kernel: Kernel<BtcParams, Runner> = {
  prepare(params, input) {
    if (!input) throw new MalformedSeries('This job needs its series.')
    return prepareWith(params, input)
  },
  run: (runner, index, progress) => runner.run(index, progress),
}
