import { existsSync } from 'node:fs'
import { access, constants, mkdir, stat } from 'node:fs/promises'
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
