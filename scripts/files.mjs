import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

// What every builder does with files. Only Node's own modules, and nothing that an old Node cannot load: it is loaded before
// packages are there, and beside the check of Node's version.

export const root = join(import.meta.dirname ?? '', '..')

/**
 * SHA-256 over names and contents; times of files say nothing after a checkout. A file that is gone is another content.
 * @param {Iterable<string>} files
 */
export async function digestOf(files) {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(await readFile(file).catch(() => 'gone'))
      .update('\0')
  return hash.digest('hex')
}

let written = 0

/** Whole or not at all: others may be reading, or building too. @param {string} path @param {string | Uint8Array} contents */
export async function write(path, contents) {
  const partials = join(root, 'build')
  await mkdir(dirname(path), { recursive: true })
  await mkdir(partials, { recursive: true })
  const partial = join(partials, `${process.pid}-${++written}.partial`)
  await writeFile(partial, contents)
  await rename(partial, path)
}
