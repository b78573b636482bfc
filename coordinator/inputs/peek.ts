import { type AnyIndex, createIndexer } from './indexer.ts'
import type { FileIndex, FileRecord, Peek } from './port.ts'

/** Read in a moment: nobody is asked whether a pass over so little may be made. */
const SMALL_BYTES = 64 << 20

/** What a look needs of the store it looks into. */
export interface Reader {
  read(id: string, start: number, end: number): AsyncIterable<Uint8Array>
  /** The index of these params where a pass has made it. */
  known(id: string, index: AnyIndex, params: unknown): Promise<FileIndex | undefined>
  /** The same, by a pass if need be. */
  made(id: string, index: AnyIndex, params: unknown): Promise<FileIndex>
}

/** Looks at a file without reading more of it than its beginning, unless all of it is soon read. */
export async function peek(reader: Reader, file: FileRecord, index: AnyIndex, params: unknown): Promise<Peek> {
  const known =
    file.storedBytes <= SMALL_BYTES
      ? await reader.made(file.id, index, params)
      : await reader.known(file.id, index, params)
  if (known) return { index: known, whole: true }
  const pass = createIndexer(index, params).start()
  pass.push(await headOf(reader, file, index))
  return { index: pass.end(), whole: false }
}

export async function preview(reader: Reader, file: FileRecord, index: AnyIndex, params: unknown) {
  const seen = await peek(reader, file, index, params)
  const head = await headOf(reader, file, index)
  return { whole: seen.whole, preview: index.preview?.(params, head, seen.index, seen.whole) ?? null }
}

async function headOf(reader: Reader, file: FileRecord, { headBytes }: AnyIndex): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of reader.read(file.id, 0, headBytes)) parts.push(part)
  return Buffer.concat(parts)
}
