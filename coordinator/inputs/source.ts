import { existsSync } from 'node:fs'
import type { Files } from './port.ts'

/** Stored inputs, as far as jobs that read them are concerned. */
export interface InputSource {
  /** What is kept under this id: how much, and the hash that names its content. */
  find(id: string): Promise<{ readonly bytes: number; readonly sha256: string } | undefined>
  /** Where on this disk it stands, there or not. */
  path(id: string): string
  /** Bytes from `start` to before `end`. */
  read(id: string, start: number, end: number): AsyncIterable<Uint8Array>
}

/** Uploaded files as what jobs read. @param files with the place their text stands at */
export function fileSource(files: Pick<Files, 'get' | 'read'> & { place(id: string): string }): InputSource {
  return {
    async find(id) {
      const file = await files.get(id)
      return file && { bytes: file.storedBytes, sha256: file.sha256 }
    },
    path: files.place,
    read: files.read,
  }
}

/** Several sources as one; no id is in two of them. */
export function joinSources(sources: readonly InputSource[]): InputSource {
  const [first] = sources as [InputSource]
  const holder = (id: string) => sources.find((source) => existsSync(source.path(id))) ?? first
  return {
    find: (id) => holder(id).find(id),
    path: (id) => holder(id).path(id),
    read: (id, start, end) => holder(id).read(id, start, end),
  }
}
