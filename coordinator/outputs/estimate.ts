import { pathToFileURL } from 'node:url'
import type { AnyKind, Kernel } from '../../jobs/define.ts'
import { readRange } from '../inputs/read-range.ts'
import { readShared } from '../inputs/read-shared.ts'

/** Time spent on an estimate: short enough for a form that asks after every change. */
const BUDGET_MS = 600
/** Tasks looked at, spread over the whole job: pictures are dear in places. */
const SAMPLES = 24

export interface EstimateRequest {
  readonly kind: string
  /** Of the kernel, on this disk. */
  readonly script: string
  readonly params: unknown
  /** Text on this disk and what the kind knows of it; null for kinds that read nothing. */
  readonly input: { readonly text: string; readonly index: unknown } | null
  readonly taskCount: number
}

class OutOfTime extends Error {}

/** Mean milliseconds of a task on one core of this machine, from a few tasks run here; null where none can be told. */
export async function taskMs(
  use: AnyKind['input'],
  { script, params, input, taskCount }: EstimateRequest,
): Promise<number | null> {
  const { kernel } = (await import(pathToFileURL(script).href)) as { kernel: Kernel }
  const started = performance.now()
  const shared = input && use?.use === 'shared' ? await readShared(use, params, input.text, input.index) : undefined
  const prepared = await kernel.prepare(params, shared)
  let total = 0
  let samples = 0
  for (let i = 0; i < Math.min(SAMPLES, taskCount); i++) {
    const index = spread(i, Math.min(SAMPLES, taskCount), taskCount)
    const range = input && use?.slice?.(params, index, input.index ?? undefined)
    const slice = range ? await readRange(input.text, ...range) : undefined
    const begun = performance.now()
    let share = 0
    try {
      const progress = (now: number) => {
        share = now
        if (performance.now() - started > BUDGET_MS) throw new OutOfTime()
      }
      kernel.run(prepared, index, progress, slice)
      total += performance.now() - begun
      samples++
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error
      // What the part that was done says of the whole task.
      if (share > 0) {
        total += (performance.now() - begun) / share
        samples++
      }
    }
    if (performance.now() - started > BUDGET_MS) break
  }
  return samples === 0 ? null : total / samples
}

/** Places of `count` samples in golden steps, so that the first few are spread as well as all of them. */
function spread(i: number, count: number, taskCount: number): number {
  if (count === taskCount) return i
  return Math.floor(((0.5 + i * 0.6180339887498949) % 1) * taskCount)
}
