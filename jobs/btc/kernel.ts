import type { Kernel } from '../define.ts'
import { createWasm } from '../instantiate.ts'
import { runForecast } from './forecast/task.ts'
import scalarBytes from './kernel.scalar.wasm'
import simdBytes from './kernel.simd.wasm'
import { runLevels } from './levels/task.ts'
import type { BtcParams } from './params.ts'
import { runPredict } from './predict/task.ts'
import { outOfMemory, type Runner, type Wasm } from './runner.ts'
import { decodePrices, MalformedSeries } from './series.ts'
import { runSweep } from './sweep/task.ts'

const instantiate = createWasm<Wasm>({ simd: simdBytes, scalar: scalarBytes })

/** A fresh instance that holds the prices. Engines without SIMD get the scalar build; both give the same bits. */
function load(prices: Float64Array, simd?: boolean): Wasm {
  const wasm = instantiate(simd)
  const address = wasm.reservePrices(prices.length)
  if (address === 0) throw outOfMemory()
  new Float64Array(wasm.memory.buffer, address, prices.length).set(prices)
  return wasm
}

/** For tests and benchmarks; no bit of the output depends on it. */
interface Choices {
  /** Several lanes at a time. Default: what the engine can. */
  readonly simd?: boolean
}

/** @param input the prices, as `pricesAt` cuts them out of a stored series */
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
