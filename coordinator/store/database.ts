import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../disk.ts'
import type { PrismaClient } from './generated/sqlite/client.ts'
import { StoreError } from './port.ts'

export type Value = string | number | boolean | Uint8Array | null

export interface Statement {
  /** With $1, $2, …, each once and in this order. */
  readonly sql: string
  readonly args: readonly Value[]
}

/** One of the two databases, opened, locked for this pool and migrated. */
export interface Database {
  /**
   * For everything that reads, and for what creates or updates a single row. The rest of its writes (upsert, updateMany,
   * deleteMany) are transactions of their own, which SQLite's single connection does not do: use transact. The PostgreSQL
   * client has the same models: they come from the same file.
   */
  readonly prisma: PrismaClient
  /** All or nothing, durable when it resolves; at the speed that commits need. */
  transact(statements: readonly Statement[]): Promise<void>
  sizeBytes(): Promise<number>
  /** Rejects when another pool has taken this database meanwhile. */
  hold(): Promise<void>
  close(): Promise<void>
}

/** What migrations need of a database. */
export interface Migratable {
  readonly provider: 'sqlite' | 'postgresql'
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Several statements as one transaction. */
  script(sql: string): Promise<void>
}

/** SQLite takes 32,766 values in one statement, PostgreSQL 65,535. */
const MOST_VALUES = 30_000

/**
 * Rows in as few statements as the databases allow. `conflict` says what to do with rows that are there already; within one
 * call no two rows may be in conflict with each other.
 */
export function upsert(
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
  conflict = '',
): Statement[] {
  const statements: Statement[] = []
  const most = Math.floor(MOST_VALUES / columns.length)
  for (let start = 0; start < rows.length; start += most) {
    const some = rows.slice(start, start + most)
    let place = 1
    const values = some.map((row) => `(${row.map(() => `$${place++}`).join()})`).join()
    statements.push({
      sql: `INSERT INTO ${quote(table)} (${columns.map(quote).join()}) VALUES ${values} ${conflict}`,
      args: some.flat(),
    })
  }
  return statements
}

/** Adds to the rows that are there. */
export function adding(table: string, keys: readonly string[], sums: readonly string[]): string {
  const sets = sums.map((sum) => `${quote(sum)} = ${quote(table)}.${quote(sum)} + excluded.${quote(sum)}`)
  return `ON CONFLICT (${keys.map(quote).join()}) DO UPDATE SET ${sets.join()}`
}

/** Takes the place of the row that is there. */
export function replacing(keys: readonly string[], columns: readonly string[]): string {
  const sets = columns.map((column) => `${quote(column)} = excluded.${quote(column)}`)
  return `ON CONFLICT (${keys.map(quote).join()}) DO UPDATE SET ${sets.join()}`
}

export function quote(name: string): string {
  return `"${name}"`
}

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
