import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@libsql/client/sqlite3'
import { syncFolder, writeDurably } from '../disk.ts'
import type { Database, Migratable } from './database.ts'
import { StoreError } from './port.ts'
import { outputsFolder } from './segments.ts'
import { storeErrorOf } from './store-error.ts'

/**
 * Keeps a second pool off this data folder for as long as this process lives. The lock is the operating system's, taken
 * through SQLite on an empty database beside the real one: it ends with the process however that ends, so nothing stale
 * ever blocks, and it works the same on Linux, macOS and Windows. Rejects with StoreError when the folder is in use.
 */
export async function lockDataDir(dataDir: string): Promise<{ release(): Promise<void> }> {
  const holderFile = join(dataDir, 'lock.pid')
  try {
    await mkdir(dataDir, { recursive: true })
    const client = createClient({ url: `file:${join(dataDir, 'lock')}` })
    try {
      // In exclusive mode the lock stays after the transaction, until the connection is closed.
      await client.execute('PRAGMA locking_mode = EXCLUSIVE')
      await client.execute('PRAGMA user_version = 1')
    } catch (error) {
      client.close()
      throw error
    }
    await writeFile(holderFile, `${process.pid}\n`)
    return {
      async release() {
        await rm(holderFile, { force: true })
        // Closing lets go only once the garbage collector has been there; leaving exclusive mode does so at the next read.
        await client.execute('PRAGMA locking_mode = NORMAL')
        await client.execute('SELECT count(*) FROM sqlite_master')
        client.close()
      },
    }
  } catch (error) {
    if (!isBusy(error)) throw storeErrorOf(error)
    const pid = (await readFile(holderFile, 'utf8').catch(() => '')).trim()
    const holder = pid === '' ? '' : ` (process ${pid})`
    throw new StoreError(
      `The data folder ${dataDir} is in use by another pool${holder}. Stop that one, or choose another folder with POOL_DATA_DIR.`,
      error,
    )
  }
}

function isBusy(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED'
}

// A database and a data folder belong together: the outputs of the one's jobs stand in the other. Both carry one id, made at
// the first start: Head.poolId and the file pool-id. Starting with a pair that does not fit would fail every open job.

/** What a start opens, before anything in it was changed. */
export interface Opening {
  /** Null where there is no database file yet. */
  readonly database: Migratable | null
  /** For people: where the database is. */
  readonly place: string
  readonly dataDir: string
}

interface Contents {
  readonly id: string | null
  readonly jobs: readonly { readonly id: string; readonly hasBytes: boolean }[]
}

/** Rejects with StoreError where the two do not belong together; changes neither. */
export async function checkPair({ database, place, dataDir }: Opening): Promise<void> {
  const { id, jobs } = database === null ? { id: null, jobs: [] } : await readContents(database)
  const ofFolder = await readId(dataDir)
  if (ofFolder !== null) {
    if (ofFolder === id) return
    throw id === null ? folderOfAnother(place, dataDir) : twoPools(place, dataDir)
  }
  if (id !== null) {
    // The folder lacks it after a first start that was cut off, or because it is another folder.
    if (jobs.length > 0 && id !== (await readId(dataDir, COMING))) throw folderMissing(place, dataDir)
    return
  }
  // Releases before this one wrote no id: outputs tell whether the two have met.
  const kept = new Set(await outputsIn(dataDir))
  const expected = jobs.filter(({ hasBytes }) => hasBytes)
  if (expected.length > 0 && !expected.some((job) => kept.has(job.id))) throw folderMissing(place, dataDir)
  if (kept.size > 0 && !jobs.some((job) => kept.has(job.id))) throw folderOfAnother(place, dataDir)
}

/** Writes the id wherever it is still missing, for a pair that was checked. Answers it. */
export async function joinPair({ prisma }: Database, dataDir: string): Promise<string> {
  const { poolId } = await prisma.head.findUniqueOrThrow({ where: { id: 1 } })
  if (poolId !== '' && poolId === (await readId(dataDir))) return poolId
  // The file gets its name last: cut off anywhere, the next start finds a pair that it can finish.
  const id = poolId || randomUUID()
  await writeDurably(join(dataDir, COMING), `${id}\n`)
  if (poolId === '') await prisma.head.update({ where: { id: 1 }, data: { poolId: id } })
  await rename(join(dataDir, COMING), join(dataDir, NAME))
  await syncFolder(dataDir)
  return id
}

/** Rejects while another folder stands where the data folder was: a disk can be unmounted under a running pool. */
export async function checkFolder(id: string, dataDir: string): Promise<void> {
  if ((await readId(dataDir)) === id) return
  throw new StoreError(
    `The data folder ${dataDir} is no longer the one of this pool. Mount its disk again. The pool tries again by itself.`,
    null,
  )
}

const NAME = 'pool-id'
const COMING = 'pool-id.new'

async function readId(dataDir: string, name = NAME): Promise<string | null> {
  const text = await readFile(join(dataDir, name), 'utf8').catch(missing(''))
  return text.trim() || null
}

async function outputsIn(dataDir: string): Promise<string[]> {
  return readdir(outputsFolder(dataDir)).catch(missing([]))
}

function missing<Value>(value: Value) {
  return (error: NodeJS.ErrnoException): Value => {
    if (error.code === 'ENOENT') return value
    throw error
  }
}

/** Columns of the table Head: none in an empty database, and no poolId in one of an earlier release. */
const columns = {
  sqlite: `SELECT "name" FROM pragma_table_info('Head')`,
  postgresql: `SELECT column_name AS "name" FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = 'Head'`,
}

async function readContents(database: Migratable): Promise<Contents> {
  const names = (await database.query(columns[database.provider])).map((row) => row['name'])
  if (names.length === 0) return { id: null, jobs: [] }
  const [head] = names.includes('poolId') ? await database.query('SELECT "poolId" FROM "Head"') : []
  const rows = await database.query('SELECT "id", "hasOutputs" AND "outputBytes" > 0 AS bytes FROM "Job"')
  return {
    id: String(head?.['poolId'] ?? '') || null,
    jobs: rows.map((row) => ({ id: String(row['id']), hasBytes: Boolean(row['bytes']) })),
  }
}

function twoPools(place: string, dataDir: string): StoreError {
  return new StoreError(
    `The data folder ${dataDir} and ${place} are of two different pools. Start with the folder that belongs to this database (POOL_DATA_DIR), or with the database that belongs to this folder (DATABASE_URL). Nothing was changed.`,
    null,
  )
}

function folderMissing(place: string, dataDir: string): StoreError {
  return new StoreError(
    `The data folder ${dataDir} is not the one that belongs to ${place}: the outputs of its jobs are not there. Mount the disk that holds them, or name the right folder with POOL_DATA_DIR. Nothing was changed.`,
    null,
  )
}

function folderOfAnother(place: string, dataDir: string): StoreError {
  return new StoreError(
    `The data folder ${dataDir} belongs to another database than ${place}. Name that database with DATABASE_URL, or an empty folder with POOL_DATA_DIR. Nothing was changed.`,
    null,
  )
}
