import { MalformedOutput } from '../../define.ts'
import { nearestDouble } from '../../math/rational.ts'
import type { PredictParams } from '../params.ts'
import type { Runner, Wasm } from '../runner.ts'

// The output of a predict task: per horizon count and better (32 bits each), then the limbs of Σ|error|, Σ error and
// Σ error² as exact.as.ts keeps them.

const LIMBS = 11
const LOWEST_POWER = 160n
const TALLY_BYTES = 8 + 3 * LIMBS * 8

/** Exact sums in units of 2^−160 (of 10⁻⁸ USD, or its square). */
export interface Tally {
  readonly count: number
  readonly better: number
  readonly absolute: bigint
  readonly signed: bigint
  readonly squares: bigint
}

export const nothing: Tally = { count: 0, better: 0, absolute: 0n, signed: 0n, squares: 0n }

export function checkTallies(bytes: Uint8Array, horizons: number): void {
  const expected = horizons * TALLY_BYTES
  if (bytes.length !== expected)
    throw new MalformedOutput(`${horizons} horizons take ${expected} bytes, not ${bytes.length}.`)
}

export function talliesOf(bytes: Uint8Array): Tally[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const tallies: Tally[] = []
  for (let at = 0; at < bytes.length; at += TALLY_BYTES) {
    tallies.push({
      count: view.getUint32(at, true),
      better: view.getUint32(at + 4, true),
      absolute: total(view, at + 8),
      signed: total(view, at + 8 + LIMBS * 8),
      squares: total(view, at + 8 + LIMBS * 16),
    })
  }
  return tallies
}

function total(view: DataView, at: number): bigint {
  let sum = 0n
  for (let limb = LIMBS - 1; limb >= 0; limb--) sum = (sum << 32n) + view.getBigInt64(at + limb * 8, true)
  return sum
}

export function added(a: Tally, b: Tally): Tally {
  return {
    count: a.count + b.count,
    better: a.better + b.better,
    absolute: a.absolute + b.absolute,
    signed: a.signed + b.signed,
    squares: a.squares + b.squares,
  }
}

/** In USD: exact sums, divided and rounded once. */
export function errorsOf({ count, absolute, signed, squares }: Tally) {
  if (count === 0) return { mae: null, rmse: null, bias: null }
  const den = (BigInt(count) * 100_000_000n) << LOWEST_POWER
  return {
    mae: nearestDouble({ num: absolute, den }),
    rmse: Math.sqrt(nearestDouble({ num: squares, den: den * 100_000_000n })),
    bias: nearestDouble({ num: signed, den }),
  }
}

/** Predictions per task, about 100 ms of a laptop core. */
const PREDICTIONS_PER_TASK = 2_097_152

/** Runs of windows' ends: task `index` predicts with one window, at the points `[from, to)`. */
export function predictPlan({ windows, horizons }: PredictParams, points: number) {
  const size = Math.max(Math.floor(PREDICTIONS_PER_TASK / horizons.length), 1)
  const nearest = Math.min(...horizons)
  // A window too long for the series still has one task, which counts nothing.
  const pieces = windows.map((window) => Math.max(Math.ceil((points - nearest - window + 1) / size), 1))
  return {
    tasks: pieces.reduce((sum, count) => sum + count, 0),
    run(index: number) {
      let left = index
      let place = 0
      for (; left >= pieces[place]!; place++) left -= pieces[place]!
      const window = windows[place]!
      const from = window - 1 + left * size
      return { window, from, to: Math.max(from, Math.min(from + size, points - nearest)) }
    },
  }
}

/** Predictions between two reports: some ten milliseconds, half a second on a slow board. */
const PREDICTIONS_PER_REPORT = 200_000

export function runPredict(wasm: Wasm, params: PredictParams, points: number): Runner {
  const { horizons } = params
  const plan = predictPlan(params, points)
  const stride = Math.max(1, Math.floor(PREDICTIONS_PER_REPORT / horizons.length))
  return {
    run(index, progress) {
      const { window, from, to } = plan.run(index)
      const bytes = horizons.length * TALLY_BYTES
      if (from === to) return new Uint8Array(bytes)
      new Int32Array(wasm.memory.buffer, wasm.horizons.value, horizons.length).set(horizons)
      wasm.beginPredict(window, from, horizons.length)
      for (let at = from; at < to; at = Math.min(at + stride, to)) {
        wasm.proceedPredict(Math.min(at + stride, to))
        progress((at - from) / (to - from))
      }
      return new Uint8Array(wasm.memory.buffer, wasm.tallies.value, bytes).slice()
    },
  }
}
