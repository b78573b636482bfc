import type { AnyKind } from '../../jobs/define.ts'

/** A store of inputs, as far as jobs that read them are concerned. */
export interface Shelf {
  /** What is kept under this id: how much, and the hash that names its content. */
  find(source: string): Promise<{ readonly bytes: number; readonly sha256: string } | undefined>
  /** Where on this disk it stands, there or not. */
  place(source: string): string
  /** Bytes from `start` to before `end`. */
  read(source: string, start: number, end: number): AsyncIterable<Uint8Array>
}

/** By the names kinds know them under. */
export type Shelves = Readonly<Record<'files' | 'series', Shelf>>

export function shelfOf(input: NonNullable<AnyKind['input']>, shelves: Shelves): Shelf {
  return shelves[input.from ?? 'files']
}
