import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { access, constants, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder, found from wherever this code runs: its source or a bundle in build/. */
export const root = nearestPackage(dirname(fileURLToPath(import.meta.url)))

/** A script made by scripts/build-server.mjs. Worker threads are always bundles: Node runs no TypeScript there. */
export function built(name: string): string {
  return join(root, 'build', name)
}

function nearestPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('No package.json above the coordinator')
  return nearestPackage(parent)
}

/** Makes the folder and those above it, one by one: `mkdir` with `recursive` never ends where nothing can be made (/proc). */
export async function makeDataDir(path: string): Promise<void> {
  await make(path)
  await access(path, constants.W_OK)
}

async function make(path: string): Promise<void> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (there?.isDirectory()) return
  if (there) throw Object.assign(new Error(`${path} is not a folder`), { code: 'ENOTDIR' })
  if (dirname(path) !== path) await make(dirname(path))
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw Object.assign(error, { code: error.code === 'ENOENT' ? 'EACCES' : error.code })
  })
}

/** Writes a small file: whole or not at all, also across a power cut. Only its owner may read it. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const aside = `${path}.${randomUUID()}.part`
  try {
    const file = await open(aside, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** The text of a file; empty where there is none. */
export function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
}

/** What a file holds as JSON; undefined where there is none. */
export async function readJson<Value>(path: string): Promise<Value | undefined> {
  const text = await readIfThere(path)
  return text === '' ? undefined : (JSON.parse(text) as Value)
}

/** A new file is only there after a power cut if its folder was written too. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; its file systems keep names in their journal.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
