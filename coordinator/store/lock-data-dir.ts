import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@libsql/client/sqlite3'
import { StoreError } from './port.ts'
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
