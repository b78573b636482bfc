import { access, constants, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

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
