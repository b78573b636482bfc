import { basename, join } from 'node:path'
import type { AnyKind } from '../../jobs/define.ts'
import type { KernelRef } from '../../protocol/device.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { JobFacts } from '../job-facts.ts'
import type { InputSource } from './source.ts'

/** Where on this disk stands what a job needs beside its record. */
export interface Places {
  of(
    kind: AnyKind,
    job: { readonly id: JobId; readonly params: unknown },
    kernel: KernelRef,
  ): Pick<JobFacts, 'kernelFile' | 'input'>
}

export function createPlaces(parts: {
  kernelsDir: string
  readonly sources: InputSource
  /** What was known of a job's input when it was submitted. */
  known(job: JobId): string
}): Places {
  return {
    of(kind, { id, params }, kernel) {
      const kernelFile = join(parts.kernelsDir, basename(kernel.url))
      if (!kind.input) return { kernelFile, input: null }
      const text = parts.sources.path(kind.input.source(params))
      return { kernelFile, input: { text, known: parts.known(id) } }
    },
  }
}
