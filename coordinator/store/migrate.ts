import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../disk.ts'
import type { Migratable } from './database.ts'
import { StoreError } from './port.ts'

export interface Migration {
  readonly name: string
  readonly sql: string
}

/** Prisma's own table, so that `prisma migrate` agrees with what happened here. */
const recordTables = {
  sqlite: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
    "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`,
  postgresql: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`,
}

/** Applies what this release has and the database lacks, each migration whole or not at all. Answers their names. */
export async function migrate(database: Migratable, migrations?: readonly Migration[]): Promise<string[]> {
  const wanted = migrations ?? (await readMigrations(database.provider))
  await database.script(recordTables[database.provider])
  const rows = await database.query(
    'SELECT "migration_name" AS name, "checksum" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL',
  )
  const applied = new Map(rows.map((row) => [String(row['name']), String(row['checksum'])]))
  for (const name of applied.keys()) {
    if (!wanted.some((migration) => migration.name === name))
      throw new StoreError(
        `The database was written by a newer release of this program (it has the change "${name}"). Start that release.`,
        null,
      )
  }
  const missing = wanted.filter(({ name }) => !applied.has(name))
  for (const { name, sql } of missing) {
    const checksum = createHash('sha256').update(sql).digest('hex')
    await database.script(
      `${sql};
       INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at", "applied_steps_count")
       VALUES ('${randomUUID()}', '${checksum}', '${name}', CURRENT_TIMESTAMP, 1)`,
    )
  }
  return missing.map(({ name }) => name)
}

/** In the order of their names, which begin with a date. */
export async function readMigrations(provider: Migratable['provider']): Promise<Migration[]> {
  const folder = join(root, 'prisma', 'migrations', provider)
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => ({ name, sql: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  )
}
