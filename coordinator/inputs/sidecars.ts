import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../durable.ts'
import type { FileIndex, FileRecord } from './port.ts'

// Small JSON beside a file's text. Written aside and renamed: a reader finds a whole one or none.

export const writeRecord = (place: string, record: FileRecord) => writeJson(join(place, 'file.json'), record)
export const readRecord = (place: string) => readJson<FileRecord>(join(place, 'file.json'))
export const writeIndex = (place: string, key: string, index: FileIndex) =>
  writeJson(join(place, indexName(key)), index)
export const readIndex = (place: string, key: string) => readJson<FileIndex>(join(place, indexName(key)))

function indexName(key: string): string {
  return `index-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.json`
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeDurably(path, JSON.stringify(value))
}

export async function readJson<Value>(path: string): Promise<Value | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Value
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
