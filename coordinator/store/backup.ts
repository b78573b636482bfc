import { existsSync } from 'node:fs'
import { constants, copyFile, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { createClient } from '@libsql/client/sqlite3'
import { syncFolder } from '../disk.ts'
import { lockDataDir } from './data-dir.ts'
import { StoreError } from './port.ts'
import { outputsFolder, segmentName } from './segments.ts'

/** Written last: a folder without it is no whole backup. */
const MARK = 'backup.json'
/** What a running pool keeps for itself, and what is copied with care instead of as it lies there. */
const NOT_COPIED = /^(pool\.db(-wal|-shm|-journal)?|lock(\.pid|-journal)?|outputs|restoring|replaced-.*)$/

/**
 * A copy of the whole data folder as of one commit, while the pool runs: the database by `VACUUM INTO`, of every job's
 * outputs what that copy knows of, and everything else as it is. Includes the pool's keys, so keep it like a key.
 * `target` is a new or an empty folder.
 */
export async function saveCopy(dataDir: string, target: string): Promise<{ readonly bytes: number }> {
  const goal = resolve(target)
  if ((await readdir(goal).catch(() => [])).length > 0)
    throw new StoreError(`${target} is not empty. Name a new folder for the backup.`, null)
  const database = join(dataDir, 'pool.db')
  if (!existsSync(database)) throw new StoreError(`There is no pool in the data folder ${dataDir}.`, null)
  const partial = join(dirname(goal), `.${basename(goal)}.partial-${process.pid}`)
  try {
    do {
      await rm(partial, { recursive: true, force: true })
      await mkdir(join(partial, 'outputs'), { recursive: true, mode: 0o700 })
    } while (!(await copyJobs(dataDir, database, partial)))
    await copyTree(dataDir, partial, NOT_COPIED)
    await writeFile(join(partial, MARK), `${JSON.stringify({ format: 1, madeAt: new Date().toISOString() })}\n`)
    await syncTree(partial)
    await rm(goal, { recursive: true, force: true })
    await rename(partial, goal)
    await syncFolder(dirname(goal))
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
  return { bytes: await treeBytes(goal) }
}

/** The database, and of each job's outputs what that copy knows of. False where outputs were written anew meanwhile. */
async function copyJobs(dataDir: string, database: string, partial: string): Promise<boolean> {
  const live = createClient({ url: `file:${database}`, timeout: 5_000 })
  await live.execute({ sql: 'VACUUM INTO ?', args: [join(partial, 'pool.db')] })
  const copy = createClient({ url: `file:${join(partial, 'pool.db')}` })
  try {
    const { rows } = await copy.execute(
      'SELECT "id", "segment", "outputBytes" FROM "Job" WHERE "hasOutputs" AND "outputBytes" > 0',
    )
    // The column's name of the first release, where this one has not started on the folder yet.
    const columns = await copy.execute(`SELECT "name" FROM pragma_table_info('Job')`)
    const garbage = columns.rows.some(({ name }) => name === 'garbage') ? 'garbage' : 'litter'
    for (const { id, segment, outputBytes } of rows) {
      const name = segmentName(String(id), Number(segment))
      const from = join(outputsFolder(dataDir), name)
      if (await copyFront(from, join(partial, 'outputs', name), Number(outputBytes))) continue
      const sql = 'SELECT "deletedAt", "segment" FROM "Job" WHERE "id" = ?'
      const now = (await live.execute({ sql, args: [String(id)] })).rows[0]
      if (now !== undefined && now['segment'] !== segment) return false
      // Deleted, or its outputs forgotten, since the database was copied.
      await copy.execute({
        sql: `UPDATE "Job" SET "hasOutputs" = false, "${garbage}" = true, "deletedAt" = ? WHERE "id" = ?`,
        args: [now?.['deletedAt'] ?? null, String(id)],
      })
    }
    return true
  } finally {
    live.close()
    copy.close()
  }
}

/** False when there are no such bytes (any more). Bytes before a committed end never change, whoever appends meanwhile. */
async function copyFront(from: string, to: string, bytes: number): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE)
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return false
    throw error
  }
  const file = await open(to, 'r+')
  try {
    if ((await file.stat()).size < bytes) return false
    await file.truncate(bytes)
    return true
  } finally {
    await file.close()
  }
}

/** What vanishes meanwhile was on its way out. */
async function copyTree(from: string, to: string, except?: RegExp): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (except?.test(entry.name)) continue
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) {
      await mkdir(target, { recursive: true })
      await copyTree(source, target)
    } else if (entry.isFile()) {
      await copyFile(source, target, constants.COPYFILE_FICLONE).catch((error) => {
        if (error.code !== 'ENOENT') throw error
      })
    }
  }
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await syncTree(path)
    else {
      const file = await open(path, 'r+')
      await file.sync()
      await file.close()
    }
  }
  await syncFolder(folder)
}

async function treeBytes(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  return bytes
}

/** Stay where they are: the lock this command holds, and what earlier restores put aside. */
const STAYS = /^(lock(\.pid|-journal)?|restoring|replaced-.*)$/

/**
 * Puts a backup in the place of the data folder's contents, which are kept beside in a folder whose path is the answer (null
 * when there was nothing). Refuses while a pool runs on the data folder.
 */
export async function restore(backup: string, dataDir: string): Promise<string | null> {
  if (!existsSync(join(backup, MARK)))
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
