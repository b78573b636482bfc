import { MalformedOutput } from '../../define.ts'
import type { ForecastParams } from '../params.ts'
import { outOfMemory, type Runner, type Wasm } from '../runner.ts'
import { UNITS_PER_USD } from '../series.ts'

/** Steps per task, about 80 ms of a laptop core. */
const STEPS_PER_TASK = 4_194_304
/** Counts travel as 16 bits. */
const MAX_PATHS = 65_535
const FEWEST_TASKS = 16
/** Rows of the fan chart; 256 counts each are just under 256 KB. */
const MAX_RECORDED = 500

export function forecastPlan({ paths, points }: ForecastParams) {
  const size = Math.max(1, Math.min(Math.floor(STEPS_PER_TASK / points), MAX_PATHS, Math.ceil(paths / FEWEST_TASKS)))
  const stride = Math.ceil(points / MAX_RECORDED)
  return {
    tasks: Math.ceil(paths / size),
    /** Steps between two recorded ones; the last step is always recorded. */
    stride,
    recorded: Math.ceil(points / stride),
    step: (row: number) => Math.min((row + 1) * stride, points),
    /** Paths `[from, to)` of a task. */
    paths: (index: number) => [index * size, Math.min((index + 1) * size, paths)] as const,
  }
}

// The output of a forecast task, little-endian: mean and deviation of a past step (doubles), paths, paths that touched
// the setpoint, the upper and the lower alarm (32 bits each), then 256 counts of 16 bits for each recorded step.

export const BINS = 256

interface Counts {
  readonly mean: number
  readonly deviation: number
  readonly paths: number
  readonly setpoint: number
  readonly upper: number
  readonly lower: number
  /** 256 per recorded step. */
  readonly bins: Uint16Array
}

const HEADER_BYTES = 32

function encodeCounts(counts: Counts): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + counts.bins.length * 2)
  new Float64Array(bytes.buffer, 0, 2).set([counts.mean, counts.deviation])
  new Uint32Array(bytes.buffer, 16, 4).set([counts.paths, counts.setpoint, counts.upper, counts.lower])
  new Uint16Array(bytes.buffer, HEADER_BYTES).set(counts.bins)
  return bytes
}

export function countsOf(output: Uint8Array): Counts {
  const bytes = output.byteOffset % 8 === 0 ? output : output.slice()
  const [mean = 0, deviation = 0] = new Float64Array(bytes.buffer, bytes.byteOffset, 2)
  const [paths = 0, setpoint = 0, upper = 0, lower = 0] = new Uint32Array(bytes.buffer, bytes.byteOffset + 16, 4)
  const bins = new Uint16Array(bytes.buffer, bytes.byteOffset + HEADER_BYTES, (bytes.length - HEADER_BYTES) / 2)
  return { mean, deviation, paths, setpoint, upper, lower, bins }
}

export function checkCounts(output: Uint8Array, recorded: number, paths: number): void {
  const expected = HEADER_BYTES + recorded * BINS * 2
  if (output.length !== expected) {
    throw new MalformedOutput(`${recorded} steps take ${expected} bytes, not ${output.length}.`)
  }
  if (countsOf(output).paths !== paths) throw new MalformedOutput(`This task walks ${paths} paths.`)
}

/** Steps between two reports: some ten milliseconds, half a second on a slow board. */
const STEPS_PER_REPORT = 500_000

export function runForecast(wasm: Wasm, params: ForecastParams, prices: Float64Array): Runner {
  const plan = forecastPlan(params)
  // Without a past step there is nothing to draw from: every path stays where it is.
  const still = prices.length < 2
  if (!still) prepare(wasm, params, plan.stride, prices[prices.length - 1]!)
  const perReport = Math.max(1, Math.floor(STEPS_PER_REPORT / params.points))
  return {
    run(index, progress) {
      const [from, to] = plan.paths(index)
      const bins = new Uint16Array(plan.recorded * BINS)
      const paths = to - from
      if (still) return encodeCounts({ mean: 0, deviation: 0, paths, setpoint: 0, upper: 0, lower: 0, bins })
      wasm.beginForecast()
      for (let at = from; at < to; at = Math.min(at + perReport, to)) {
        wasm.proceedForecast(at, Math.min(at + perReport, to))
        progress((at - from) / paths)
      }
      bins.set(new Uint32Array(wasm.memory.buffer, wasm.bins.value, bins.length))
      return encodeCounts({
        mean: wasm.mean.value,
        deviation: wasm.deviation.value,
        paths,
        setpoint: wasm.touchedSetpoint.value,
        upper: wasm.touchedUpper.value,
        lower: wasm.touchedLower.value,
        bins,
      })
    },
  }
}

function prepare(wasm: Wasm, params: ForecastParams, stride: number, last: number): void {
  const { seed, method, points } = params
  if (!wasm.prepareForecast(BigInt(seed), method === 'gbm' ? 1 : 0, points, stride)) throw outOfMemory()
  const ratio = (level: number | undefined) => (level === undefined ? Number.NaN : (level * UNITS_PER_USD) / last)
  wasm.setLevels(ratio(params.setpoint), ratio(params.upper), ratio(params.lower))
}
