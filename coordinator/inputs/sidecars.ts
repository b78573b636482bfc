import { createHash, randomUUID } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
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
  const aside = `${path}.${randomUUID()}`
  const file = await open(aside, 'wx', 0o600)
  try {
    await file.writeFile(JSON.stringify(value))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, path)
}

export async function readJson<Value>(path: string): Promise<Value | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Value
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Makes names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
