import { readFileSync } from 'node:fs'
import type { JobFacts } from './messages.ts'

/** What is kept of a job's input beside the job: enough to cut it and to encode the result when the input is gone. */
export interface KnownInput {
  /** Of the text. */
  readonly bytes: number
  /** Names the content. */
  readonly sha256: string
  /** What the kind's index is; null where it has none. */
  readonly index: unknown
}

/** Of jobs that were asked for last; a file of 20 GB has an index of half a megabyte. */
const KEPT = 32
const known = new Map<string, KnownInput>()

/** The input as the kind knows it; read once per thread, so that a kind sees the same object again. */
export function inputOf(facts: JobFacts): unknown {
  return facts.input ? (knownInput(facts.input.known).index ?? undefined) : undefined
}

export function knownInput(path: string): KnownInput {
  const found = known.get(path) ?? (JSON.parse(readFileSync(path, 'utf8')) as KnownInput)
  known.delete(path)
  known.set(path, found)
  if (known.size > KEPT) known.delete(known.keys().next().value!)
  return found
}
