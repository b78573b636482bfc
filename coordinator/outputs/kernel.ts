import { pathToFileURL } from 'node:url'
import type { AnyKind, Kernel } from '../../jobs/define.ts'
import { readRange, readShared } from '../inputs/job-input.ts'
import type { JobFacts } from '../kernels.ts'

// Kernels that are run in a thread of the coordinator: to estimate a job, and to compute single tasks of it anew.

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
  const kernel = await load(script)
  const started = performance.now()
  const prepared = await prepare(kernel, use, params, input?.text, input?.index)
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

/** Computes single tasks of a job here, whole, from the stored input; the kernel is loaded for the first of them. */
export function recomputing({ input: use }: AnyKind, { kind, params, kernelFile, input }: JobFacts, index: unknown) {
  async function ready() {
    const kernel = await load(kernelFile)
    return { kernel, prepared: await prepare(kernel, use, params, input?.text, index) }
  }
  let loading: ReturnType<typeof ready> | undefined

  return async (task: number): Promise<Uint8Array> => {
    loading ??= ready()
    const { kernel, prepared } = await loading
    if (!kernel.whole) throw new Error(`Tasks of the kind "${kind}" cannot be computed whole.`)
    const range = use?.slice?.(params, task, index)
    const slice = range && input ? await readRange(input.text, ...range) : undefined
    return kernel.whole(prepared, task, () => {}, slice)
  }
}

async function load(script: string): Promise<Kernel> {
  return ((await import(pathToFileURL(script).href)) as { kernel: Kernel }).kernel
}

/** @param text what the tasks read, on this disk */
async function prepare(
  kernel: Kernel,
  use: AnyKind['input'],
  params: unknown,
  text: string | undefined,
  index: unknown,
): Promise<unknown> {
  const reads = text !== undefined && use?.use === 'shared'
  return kernel.prepare(params, reads ? await readShared(use, params, text, index) : undefined)
}
