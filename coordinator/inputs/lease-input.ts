import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { InputPlace, JobBrief, Lease } from '../../protocol/device.ts'
import type { KnownJob } from '../job-registry.ts'
import type { LeaseClaims } from '../pool/job.ts'
import { inputOf, knownInput, partOf } from './input.ts'

// What leased tasks read: how much, and where their device gets it. A token of a lease is what lets its device have it.

/** One body for a lease, held in memory by whoever computes it: a phone too. */
const LEASE_BYTES = 64 << 20

export type Range = readonly [start: number, end: number]

export const GONE = 'What this job reads was deleted. Upload it again and run the job again.'

/** False: its input is no longer on this disk. */
export function hasInput({ facts }: KnownJob): boolean {
  return facts.input === null || (existsSync(facts.input.text) && existsSync(facts.input.known))
}

/** Slices of tasks from … to−1, or what every task reads. */
export function rangesOf(job: KnownJob, from: number, to: number): Range[] {
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
