import type { PrismaClient } from './generated/sqlite/client.ts'

export type Value = string | number | Uint8Array | null

export interface Statement {
  /** With $1, $2, … which both databases read. */
  readonly sql: string
  readonly args: readonly Value[]
}

/** One of the two databases, opened, locked for this pool and migrated. */
export interface Database {
  /** The PostgreSQL client has the same models: they come from the same file. */
  readonly prisma: PrismaClient
  /** All or nothing, durable when it resolves: the one hot path that does not go through Prisma. */
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
