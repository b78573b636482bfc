import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Kernel } from '../../jobs/define.ts'
import { buildKernels } from '../../scripts/build-kernels.mjs'

const published = join(import.meta.dirname, '..', '..', 'public', 'kernels')

/** The built script of a kind's kernel, exactly as devices run it. */
export async function loadKernel<Module extends { kernel: Kernel }>(kind: string): Promise<Module> {
  const built = (await buildKernels())[kind]
  if (!built) throw new Error(`jobs/${kind} has no kernel.ts`)
  return import(/* @vite-ignore */ pathToFileURL(join(published, built.file)).href)
}
