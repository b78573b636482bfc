import type { PrismaClient } from './generated/sqlite/client.ts'

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
