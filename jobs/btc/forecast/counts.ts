import { MalformedOutput } from '../../define.ts'

// The output of a forecast task, little-endian: mean and deviation of a past step (doubles), paths, paths that touched
// the setpoint, the upper and the lower alarm (32 bits each), then 256 counts of 16 bits for each recorded step.

export const BINS = 256

export interface Counts {
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

export function encodeCounts(counts: Counts): Uint8Array {
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
