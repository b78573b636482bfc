import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Core, storeOver } from './core.ts'
import { withTrouble } from './guard.ts'
import type { Store } from './port.ts'
import { createPrismaCore } from './prisma-core.ts'
import { openSegments } from './segments.ts'
import { troubleOf } from './trouble.ts'

export interface StoreOptions {
  /** `postgresql://…`, `file:…`, or null for SQLite in the data folder. */
  readonly databaseUrl: string | null
  readonly dataDir: string
}

/** The store in this thread: its fsyncs stall whatever else runs here. The coordinator uses openStore. */
export async function openPrismaStore(options: StoreOptions): Promise<Store> {
  return storeOver(await openCore(options))
}

export async function openCore({ databaseUrl, dataDir }: StoreOptions): Promise<Core> {
  try {
    await mkdir(dataDir, { recursive: true })
    const segments = await openSegments(dataDir)
    const database =
      databaseUrl !== null && /^postgres(ql)?:/.test(databaseUrl)
        ? await (await import('./postgres.ts')).openPostgres(databaseUrl)
        : await (await import('./sqlite.ts')).openSqlite(sqlitePath(databaseUrl, dataDir))
    try {
      return withTrouble(await createPrismaCore(database, segments, dataDir))
    } catch (error) {
      await database.close()
      throw error
    }
  } catch (error) {
    throw troubleOf(error)
  }
}

/** Prisma's form of the URL: a path after `file:`, relative to where the program was started. */
export function sqlitePath(databaseUrl: string | null, dataDir: string): string {
  if (databaseUrl === null) return join(dataDir, 'pool.db')
  return databaseUrl.startsWith('file://') ? fileURLToPath(databaseUrl) : databaseUrl.slice('file:'.length)
}
