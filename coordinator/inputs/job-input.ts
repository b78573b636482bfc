import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { AnyKind, InputUse, RowPlace, RowText } from '../../jobs/define.ts'
import type { JobFacts } from '../kernels.ts'

// What a job reads, from this disk: by its kind, and by whatever thread computes with it.

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

/** Bytes of a stored text: `[start, end)`, or all of it. */
export async function readRange(path: string, start = 0, end?: number): Promise<Uint8Array> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new Error('The file this job reads was deleted.')
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

/** What every task of a job reads of the text stored at this place. @param index what the kind made of the text, if it has one */
export async function readShared<Params, Input>(
  use: InputUse<Params, Input>,
  params: Params,
  text: string,
  index: Input,
): Promise<Uint8Array> {
  if (use.index) return readRange(text, ...(use.part?.(params, index) ?? []))
  const whole = await readRange(text)
  return whole.subarray(...(use.part?.(params, whole as Input) ?? []))
}

/** Rows of a job's input, read from this disk one after the other; those that are not there are left out. */
export async function rowsOf(kind: AnyKind, facts: JobFacts, places: readonly RowPlace[]): Promise<RowText[]> {
  const input = inputOf(kind, facts)
  const read = (start: number, end: number) => readRange(facts.input!.text, start, end)
  const rows: RowText[] = []
  for (const place of places) {
    const row = await kind.input?.row?.(facts.params, place, input, read)
    if (row) rows.push(row)
  }
  return rows
}
