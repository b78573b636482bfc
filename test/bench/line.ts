/** One measured figure. With `reference`, `value` was measured against it in the same run and `ratio` says how it stands. */
export interface BenchLine {
  /** The benchmark's name, a colon, and what of it this is. */
  readonly bench: string
  readonly value: number
  readonly unit: string
  /** What `ratio` compares with, in words. */
  readonly reference?: string
  /** How many times better than the reference: above 1 is better, whatever the unit. */
  readonly ratio?: number
  /** Counted runs behind `value`, which is their median. */
  readonly runs: number
  /** Trust of the jobs that were measured. */
  readonly trust?: 'fast' | 'normal' | 'strict'
}

export type Bench = () => Promise<readonly BenchLine[]>

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
