import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { InputPlace, JobBrief, Lease } from '../../protocol/device.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { JobRegistry, KnownJob } from '../job-registry.ts'
import type { LeaseClaims } from '../pool/job.ts'
import type { Pool } from '../pool/pool.ts'
import { inputOf, isWhole, knownInput, partOf } from './job-input.ts'
import type { FileProblem, InputSource } from './port.ts'

// What leased tasks read: how much, and where their device gets it. A token of a lease is what lets its device have it.

/** One body for a lease, held in memory by whoever computes it: a phone too. */
const LEASE_BYTES = 64 << 20

type Range = readonly [start: number, end: number]

export const GONE = 'What this job reads was deleted. Upload it again and run the job again.'

/** False: its input is no longer on this disk. */
export function hasInput({ facts }: KnownJob): boolean {
  return facts.input === null || (existsSync(facts.input.text) && existsSync(facts.input.known))
}

/** Slices of tasks from … to−1, or what every task reads. */
function rangesOf(job: KnownJob, from: number, to: number): Range[] {
  const { kind, facts } = job
  if (!facts.input) return []
  if (!kind.input?.slice) return [partOf(kind, facts)]
  const input = inputOf(kind, facts)
  return Array.from({ length: to - from }, (_, i) => kind.input!.slice!(facts.params, from + i, input))
}

/** Tasks that one lease may hold, for the pool, which knows no bytes. */
export function boundOf(job: KnownJob): { leaseTasks?: number } {
  if (job.kind.input?.use !== 'sliced' || !hasInput(job)) return {}
  let longest = 1
  for (const [start, end] of rangesOf(job, 0, job.record.taskCount)) longest = Math.max(longest, end - start)
  return { leaseTasks: Math.max(1, Math.floor(LEASE_BYTES / longest)) }
}

/** @param here whether the device is an agent on this machine, which may read the file itself */
export function slicedInput(job: KnownJob, claims: LeaseClaims, token: string, here: boolean): Lease['slicedInput'] {
  if (job.kind.input?.use !== 'sliced') return undefined
  const ranges = rangesOf(job, claims.from, claims.to)
  const place = here && placeOf(job)
  return {
    url: addressOf(token),
    lengths: ranges.map(([start, end]) => end - start),
    ...(place && { place: { ...place, starts: ranges.map(([start]) => start) } }),
  }
}

export function sharedInput(job: KnownJob, token: string, here: boolean): JobBrief['sharedInput'] {
  if (job.kind.input?.use !== 'shared' || !job.facts.input) return undefined
  const part = partOf(job.kind, job.facts)
  const key = `${knownInput(job.facts.input.known).sha256}:${part.join('-')}`
  const place = here && placeOf(job)
  const bytes = part[1] - part[0]
  return { url: addressOf(token), key, bytes, ...(place && { place: { ...place, start: part[0] } }) }
}

function addressOf(token: string): string {
  return `/api/v1/work?lease=${token}`
}

function placeOf({ facts }: KnownJob): InputPlace | undefined {
  const path = facts.input?.text
  const found = path === undefined ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false })
  if (path === undefined || !found) return undefined
  const { dev, ino, size, mtimeNs } = found
  return { path: resolve(path), identity: [dev, ino, size, mtimeNs].join('-') }
}

type LeasedInput =
  | { readonly type: 'input'; readonly bytes: number; readonly body: AsyncIterable<Uint8Array> }
  /** Not a lease of this pool. */
  | { readonly type: 'unknown' }
  /** A sentence: there is nothing to read any more. */
  | { readonly type: 'gone'; readonly because: string }

export interface LeasedInputParts {
  readonly registry: JobRegistry
  /** Null for a token that is not this pool's. */
  readonly tokens: { verify(token: string): LeaseClaims | null }
  readonly sources: InputSource
  readonly committer: { pool(): Pool | null }
  inputGone(job: JobId): void
}

/** What devices read of stored inputs. The token of a lease opens what its own tasks read, as long as the job goes on. */
export function createLeasedInput({ registry, tokens, sources, committer, inputGone }: LeasedInputParts) {
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
    const status = committer.pool()?.job(claims.job)?.status
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
