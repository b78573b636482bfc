import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Core, type StoreOptions, storeOver } from './core.ts'
import { checkPair, joinPair } from './data-dir.ts'
import type { Database } from './database.ts'
import { type Store, StoreError } from './port.ts'
import { createPrismaCore } from './prisma-core.ts'
import { openSegments } from './segments.ts'
import { lastLine, storeErrorOf } from './store-error.ts'

/** The store in this thread: its fsyncs stall whatever else runs here. The coordinator uses openStore. */
export async function openPrismaStore(options: StoreOptions): Promise<Store> {
  return storeOver(await openCore(options))
}

export async function openCore({ databaseUrl, dataDir }: StoreOptions): Promise<Core> {
  try {
    await mkdir(dataDir, { recursive: true })
    const place = databaseUrl === null ? `The database ${sqlitePath(null, dataDir)}` : 'The database in DATABASE_URL'
    const database = await openDatabase(databaseUrl, dataDir).catch(unusable(place))
    try {
      const poolId = await joinPair(database, dataDir).catch(unusable(place))
      const segments = await openSegments(dataDir)
      return await createPrismaCore({ database, segments, dataDir, poolId }).catch(unusable(place))
    } catch (error) {
      await database.close()
      throw error
    }
  } catch (error) {
    throw storeErrorOf(error)
  }
}

/** Whatever a database answers before it is open, it is not this program's database as this program left it. */
function unusable(place: string): (error: unknown) => never {
  return (error) => {
    const trouble = storeErrorOf(error)
    if (trouble instanceof StoreError) throw trouble
    throw new StoreError(
      `${place} cannot be used: ${lastLine(error)}. Give the pool a database of its own, or put its last backup back.`,
      error,
    )
  }
}

async function openDatabase(databaseUrl: string | null, dataDir: string): Promise<Database> {
  if (databaseUrl !== null && /^postgres(ql)?:/.test(databaseUrl)) {
    const place = 'the database in DATABASE_URL'
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(databaseUrl, (database) => checkPair({ database, place, dataDir }))
  }
  const path = sqlitePath(databaseUrl, dataDir)
  const { openSqlite } = await import('./sqlite.ts')
  return openSqlite(path, (database) => checkPair({ database, place: `the database ${path}`, dataDir }))
}

/** Prisma's form of the URL: a path after `file:`, relative to where the program was started. */
export function sqlitePath(databaseUrl: string | null, dataDir: string): string {
  if (databaseUrl === null) return join(dataDir, 'pool.db')
  return databaseUrl.startsWith('file://') ? fileURLToPath(databaseUrl) : databaseUrl.slice('file:'.length)
}
