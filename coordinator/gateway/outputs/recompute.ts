import { open } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { AnyKind, Kernel } from '../../../jobs/define.ts'
import type { JobFacts } from './messages.ts'

/** Computes single tasks of a job here, whole, from the stored input; the kernel is loaded for the first of them. */
export function recomputing({ input: use }: AnyKind, facts: JobFacts, input: unknown) {
  let ready: Promise<{ kernel: Kernel; prepared: unknown }> | undefined

  async function load() {
    const { kernel } = (await import(pathToFileURL(facts.kernelFile).href)) as { kernel: Kernel }
    const shared = use?.use === 'shared' && facts.input ? await read(facts.input.text) : undefined
    return { kernel, prepared: await kernel.prepare(facts.params, shared) }
  }

  return async (task: number): Promise<Uint8Array> => {
    ready ??= load()
    const { kernel, prepared } = await ready
    if (!kernel.whole) throw new Error(`Tasks of the kind "${facts.kind}" cannot be computed whole.`)
    const range = use?.slice?.(facts.params, task, input)
    const slice = range && facts.input ? await read(facts.input.text, ...range) : undefined
    return kernel.whole(prepared, task, () => {}, slice)
  }
}

async function read(path: string, start = 0, end?: number): Promise<Uint8Array> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new Error('A part of this result must be computed again from its file, and the file was deleted.')
  })
  try {
    const bytes = new Uint8Array((end ?? (await file.stat()).size) - start)
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at)
      if (bytesRead === 0) throw new Error('The file of this job is shorter than it was.')
      at += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}
