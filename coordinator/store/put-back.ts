import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lockDataDir } from './lock-data-dir.ts'
import { StoreError } from './port.ts'
import { copyTree, exists, MARK, syncTree } from './save-copy.ts'

/** Stay where they are: the lock this command holds, and what earlier restores put aside. */
const STAYS = /^(lock(\.pid|-journal)?|restoring|replaced-.*)$/

/**
 * Puts a backup in the place of the data folder's contents, which are kept beside in a folder whose path is the answer (null
 * when there was nothing). Refuses while a pool runs on the data folder.
 */
export async function putBack(backup: string, dataDir: string): Promise<string | null> {
  if (!(await exists(join(backup, MARK))))
    throw new StoreError(`${backup} is no backup of a pool: it has no ${MARK}.`, null)
  const lock = await lockDataDir(dataDir)
  try {
    // First everything to this disk, then only renames: a crash in between loses neither the old nor the new.
    const incoming = join(dataDir, 'restoring')
    await rm(incoming, { recursive: true, force: true })
    await mkdir(incoming)
    await copyTree(backup, incoming)
    await rm(join(incoming, MARK))
    await syncTree(incoming)
    const old = (await readdir(dataDir)).filter((name) => !STAYS.test(name))
    const aside = join(dataDir, `replaced-${new Date().toISOString().replace(/[:.]/g, '-')}`)
    if (old.length > 0) await mkdir(aside)
    for (const name of old) await rename(join(dataDir, name), join(aside, name))
    for (const name of await readdir(incoming)) await rename(join(incoming, name), join(dataDir, name))
    await rm(incoming, { recursive: true })
    return old.length > 0 ? aside : null
  } finally {
    await lock.release()
  }
}
