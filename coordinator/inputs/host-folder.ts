import { open, readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { FileProblem } from './port.ts'

/** Where a file of the host really stands. Throws {@link FileProblem} unless that is below the allowed folder. */
export async function allowed(path: string, hostFolder: string | null): Promise<string> {
  if (hostFolder === null)
    throw new FileProblem(
      'forbidden',
      'This pool takes no files from its host. Start it with --files-dir to allow a folder.',
    )
  const root = await realpath(hostFolder)
  const real = await realpath(join(root, path.startsWith(root + sep) ? path.slice(root.length) : path)).catch(
    () => null,
  )
  if (real === null || !real.startsWith(root + sep) || !(await stat(real)).isFile())
    throw new FileProblem('unknown', `There is no file "${path}" in the folder this pool may read.`)
  const file = await open(real).catch((error: unknown) => {
    throw new FileProblem('forbidden', `The pool may not read "${path}" on its host.`, error)
  })
  await file.close()
  return real
}

export interface HostFolder {
  readonly path: string
  /** Names of files right in it, the first {@link MOST_SHOWN}. */
  readonly files: readonly string[]
}

/** Enough to choose from; whoever has more types the name. */
const MOST_SHOWN = 200

export async function hostFolder(path: string | null): Promise<HostFolder | null> {
  if (path === null) return null
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name)
  return { path, files: files.toSorted().slice(0, MOST_SHOWN) }
}
