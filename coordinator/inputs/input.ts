import { readFileSync } from 'node:fs'
import type { AnyKind } from '../../jobs/define.ts'
import type { JobFacts } from '../job-facts.ts'
import { readRange } from './read-range.ts'

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
export function inputOf(kind: AnyKind, facts: JobFacts): unknown {
  if (!facts.input) return undefined
  const { index, sha256 } = knownInput(facts.input.known)
  return isWhole(kind) ? wholeInput(facts.input.text, sha256) : (index ?? undefined)
}

/** Byte range of the stored input that every task reads. */
export function partOf(kind: AnyKind, facts: JobFacts): readonly [start: number, end: number] {
  if (!facts.input) return [0, 0]
  return kind.input?.part?.(facts.params, inputOf(kind, facts)) ?? [0, knownInput(facts.input.known).bytes]
}

/** Kinds whose tasks all read everything know their input as the bytes themselves, unless they made an index of it. */
export function isWhole({ input }: AnyKind): boolean {
  return input?.use === 'shared' && input.index === undefined
}

/** Whole inputs have up to 80 MB. */
const WHOLE_KEPT = 2
const whole = new Map<string, Uint8Array>()

function wholeInput(path: string, sha256: string): Uint8Array {
  return keep(sha256, whole.get(sha256) ?? readFileSync(path))
}

/** Reads a whole input so that `inputOf` need not: the event loop does not wait for a disk. In one go: 16 MB in 5 ms, not 25. */
export async function readWhole(path: string, sha256: string): Promise<Uint8Array> {
  return keep(sha256, whole.get(sha256) ?? (await readRange(path)))
}

function keep(sha256: string, bytes: Uint8Array): Uint8Array {
  whole.delete(sha256)
  whole.set(sha256, bytes)
  if (whole.size > WHOLE_KEPT) whole.delete(whole.keys().next().value!)
  return bytes
}

export function knownInput(path: string): KnownInput {
  const found = known.get(path) ?? (JSON.parse(readFileSync(path, 'utf8')) as KnownInput)
  known.delete(path)
  known.set(path, found)
  if (known.size > KEPT) known.delete(known.keys().next().value!)
  return found
}
