import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

// What every builder does with files. Only Node's own modules: setup.mjs needs it before packages are there.

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

/** Whole or not at all: others may be reading, or building too. @param {string} path @param {string | Uint8Array} contents */
export async function write(path, contents) {
  const partials = join(root, 'build')
  await mkdir(dirname(path), { recursive: true })
  await mkdir(partials, { recursive: true })
  const partial = join(partials, `${randomUUID()}.partial`)
  await writeFile(partial, contents)
  await rename(partial, path)
}
