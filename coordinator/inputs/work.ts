import type { JobId } from '../../protocol/ids.ts'
import type { Tokens } from '../devices/tokens.ts'
import type { JobRegistry, KnownJob } from '../job-registry.ts'
import type { Pool } from '../pool/port.ts'
import { inputOf, isWhole } from './input.ts'
import { GONE, hasInput, type Range, rangesOf } from './lease-input.ts'
import type { FileProblem } from './port.ts'
import type { InputSource } from './source.ts'

export type LeasedInput =
  | { readonly type: 'input'; readonly bytes: number; readonly body: AsyncIterable<Uint8Array> }
  /** Not a lease of this pool. */
  | { readonly type: 'unknown' }
  /** A sentence: there is nothing to read any more. */
  | { readonly type: 'gone'; readonly because: string }

/** What devices read of stored inputs. The token of a lease opens what its own tasks read, as long as the job goes on. */
export function createWorkInput(parts: {
  registry: JobRegistry
  tokens: Tokens
  sources: InputSource
  pool(): Pool | null
  inputGone(job: JobId): void
}) {
  const { registry, tokens, sources, inputGone } = parts

  async function* body(job: KnownJob, ranges: readonly Range[]): AsyncGenerator<Uint8Array> {
    const { input } = job.kind
    if (!input) return
    // Here already, since outputs are priced with it.
    if (isWhole(job.kind)) {
      const whole = inputOf(job.kind, job.facts) as Uint8Array
      for (const [start, end] of ranges) yield whole.subarray(start, end)
      return
    }
    try {
      for (const [start, end] of joined(ranges)) yield* sources.read(input.source(job.facts.params), start, end)
    } catch (error) {
      if ((error as FileProblem).reason === 'unknown') inputGone(job.record.id)
      throw error
    }
  }

  return (token: string): LeasedInput => {
    const claims = tokens.verify(token)
    if (!claims) return { type: 'unknown' }
    const job = registry.get(claims.job)
    const status = parts.pool()?.job(claims.job)?.status
    if (!job?.facts.input || (status !== 'running' && status !== 'queued' && status !== 'paused'))
      return { type: 'gone', because: 'This job has ended; nobody reads for it any more.' }
    if (!hasInput(job)) {
      inputGone(claims.job)
      return { type: 'gone', because: GONE }
    }
    const ranges = rangesOf(job, claims.from, claims.to)
    const bytes = ranges.reduce((sum, [start, end]) => sum + end - start, 0)
    return { type: 'input', bytes, body: body(job, ranges) }
  }
}

/** Neighbours are read in one go. */
function joined(ranges: readonly Range[]): Range[] {
  const runs: [number, number][] = []
  for (const [start, end] of ranges) {
    const last = runs.at(-1)
    if (last?.[1] === start) last[1] = end
    else runs.push([start, end])
  }
  return runs
}
