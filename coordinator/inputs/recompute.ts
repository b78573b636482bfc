import { pathToFileURL } from 'node:url'
import type { AnyKind, Kernel } from '../../jobs/define.ts'
import type { JobFacts } from '../job-facts.ts'
import { readRange } from './read-range.ts'
import { readShared } from './read-shared.ts'

/** Computes single tasks of a job here, whole, from the stored input; the kernel is loaded for the first of them. */
export function recomputing({ input: use }: AnyKind, facts: JobFacts, input: unknown) {
  let ready: Promise<{ kernel: Kernel; prepared: unknown }> | undefined

  async function load() {
    const { kernel } = (await import(pathToFileURL(facts.kernelFile).href)) as { kernel: Kernel }
    const shared =
      use?.use === 'shared' && facts.input ? await readShared(use, facts.params, facts.input.text, input) : undefined
    return { kernel, prepared: await kernel.prepare(facts.params, shared) }
  }

  return async (task: number): Promise<Uint8Array> => {
    ready ??= load()
    const { kernel, prepared } = await ready
    if (!kernel.whole) throw new Error(`Tasks of the kind "${facts.kind}" cannot be computed whole.`)
    const range = use?.slice?.(facts.params, task, input)
    const slice = range && facts.input ? await readRange(facts.input.text, ...range) : undefined
    return kernel.whole(prepared, task, () => {}, slice)
  }
}
