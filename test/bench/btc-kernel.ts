import { UNITS_PER_USD } from '../../jobs/btc/series.ts'
import { loadKernel } from '../jobs/kernel.ts'
import { type BenchLine, median } from './line.ts'

// The sweep kernel against straightforward typed-array JavaScript, one core, over the same windows of a large grid. Both
// are run in turns and must agree in every number.

const POINTS = 1_000_000
const RUNS = 3
const FEE = 0.001
/** Three of the forty windows of the 40 × 10 × 5 grid, short, middle and long: the others are alike. */
const WINDOWS = [7, 90, 918]
const TOLERANCES = Array.from({ length: 10 }, (_, i) => i * 0.0004)
const HOLDS = [1, 5, 20, 60, 240]

/** A walk in cents in which two of three prices repeat, as logs do. */
export function benchPrices(points: number, seed = 1): Float64Array {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
  let price = 9000
  return Float64Array.from({ length: points }, () => {
    if (next() < 1 / 3) price *= 1 + (next() + next() + next() - 1.5) * 0.0006
    return Math.round(price * 100) * (UNITS_PER_USD / 100)
  })
}

export async function btcKernelBench(): Promise<readonly BenchLine[]> {
  const { prepareWith } = await loadKernel<typeof import('../../jobs/btc/kernel.ts')>('btc')
  const prices = benchPrices(POINTS)
  const input = new Uint8Array(prices.buffer)
  const params = { series: 'bench', analysis: 'sweep' as const, tolerances: TOLERANCES, holds: HOLDS, fee: FEE }
  const lines: BenchLine[] = []
  for (const simd of [true, false]) {
    const runner = prepareWith({ ...params, windows: WINDOWS }, input, { simd })
    const kernelMs: number[] = []
    const plainMs: number[] = []
    for (let run = 0; run <= RUNS; run++) {
      const outputs: Uint8Array[] = []
      const kernelTime = timed(() => {
        for (let index = 0; index < WINDOWS.length; index++) outputs.push(runner.run(index, () => {}))
      })
      let returns: number[] = []
      const plainTime = timed(() => {
        returns = WINDOWS.flatMap((window) => plain(prices, window))
      })
      compare(outputs, returns)
      // The first round warms both up.
      if (run > 0) {
        kernelMs.push(kernelTime)
        plainMs.push(plainTime)
      }
    }
    const steps = WINDOWS.length * TOLERANCES.length * HOLDS.length * POINTS
    lines.push({
      bench: `btc-kernel: sweep, ${simd ? 'simd' : 'scalar'}`,
      value: steps / median(kernelMs) / 1000,
      unit: 'M steps/s',
      reference: 'plain typed-array JS',
      ratio: median(plainMs) / median(kernelMs),
      runs: RUNS,
    })
  }
  return lines
}

function timed(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

function compare(outputs: readonly Uint8Array[], returns: readonly number[]): void {
  const perWindow = TOLERANCES.length * HOLDS.length
  for (const [i, expected] of returns.entries()) {
    const output = outputs[Math.floor(i / perWindow)]!
    const got = new DataView(output.buffer, output.byteOffset).getFloat64((i % perWindow) * 32, true)
    if (got !== expected) throw new Error(`Cell ${i}: kernel ${got}, plain ${expected}`)
  }
}

/** The definition as one would write it down for speed: averages and ratios once, then a loop per strategy. */
function plain(prices: Float64Array, window: number): number[] {
  const n = prices.length
  const average = new Float64Array(n)
  const ratio = new Float64Array(n)
  let sum = 0
  for (let t = 0; t < n; t++) {
    sum += prices[t]!
    if (t >= window) sum -= prices[t - window]!
    average[t] = sum / window
    ratio[t] = prices[t + 1]! / prices[t]!
  }
  const returns: number[] = []
  for (const tolerance of TOLERANCES) {
    const above = 1 + tolerance
    const below = 1 - tolerance
    for (const hold of HOLDS) {
      let position = 0
      let value = 1
      let peak = 1
      let drawdown = 0
      let changes = 0
      let held = 0
      let free = 0
      for (let t = window - 1; t < n - 1; t++) {
        const p = prices[t]!
        const a = average[t]!
        if (t >= free && (position === 0 ? p > a * above : p < a * below)) {
          position = 1 - position
          free = t + hold
          changes++
          value *= 1 - FEE
        }
        if (position === 1) {
          value *= ratio[t]!
          held++
        }
        if (value > peak) peak = value
        const fall = 1 - value / peak
        if (fall > drawdown) drawdown = fall
      }
      if (drawdown > 1 || changes < 0 || held < 0) throw new Error('impossible')
      returns.push(value - 1)
    }
  }
  return returns
}
