import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import type { KernelRef } from '../protocol/device.ts'

const manifest = z.record(z.string(), z.object({ hash: z.string(), file: z.string() }))

/** The kernels this build serves, by kind. */
export type Kernels = Readonly<Record<string, KernelRef>>

/** @param folder where scripts/build-kernels.mjs put them, served at /kernels/ */
export async function readKernels(folder: string): Promise<Kernels> {
  const entries = manifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
  return Object.fromEntries(
    Object.entries(entries).map(([kind, { hash, file }]) => [kind, { hash, url: `/kernels/${file}` }]),
  )
}

const runtimeManifest = z.object({ hash: z.string(), agent: z.object({ url: z.string() }) })

/** The volunteer's runtime that pages load and the path of the agent's package, or null where none was built. */
export async function readRuntime(folder: string): Promise<z.infer<typeof runtimeManifest> | null> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => null)
  return text === null ? null : (runtimeManifest.safeParse(JSON.parse(text)).data ?? null)
}

/** Enough of a job for any thread to price, paint and encode its outputs. */
export interface JobFacts {
  readonly job: string
  readonly kind: string
  readonly params: unknown
  /** Script of the kind's kernel on this disk. */
  readonly kernelFile: string
  /** Null for kinds that read nothing. */
  readonly input: InputPaths | null
}

/** Where what a job reads stands on this disk. */
export interface InputPaths {
  readonly text: string
  /** What was known of it when the job was submitted; outlives the text. */
  readonly known: string
}
