import { stat } from 'node:fs/promises'
import { type Client, createClient } from '@libsql/client/sqlite3'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import type { Database, Migratable, Value } from './database.ts'
import { PrismaClient } from './generated/sqlite/client.ts'
import { migrate } from './migrate.ts'

/** How long a statement waits for another program that writes to the same file. */
const BUSY_MS = 5_000

/** Prisma on the connection that the hot commits use, so that both see the same and neither waits for the other. */
class SharedConnection extends PrismaLibSql {
  readonly #client: Client
  constructor(client: Client) {
    super({ url: 'file:' })
    this.#client = client
  }
  override createClient(): Client {
    return this.#client
  }
}

export async function openSqlite(path: string): Promise<Database> {
  const client = createClient({ url: `file:${path}`, timeout: BUSY_MS })
  try {
    // Kept in the file: set once, for ever. With `synchronous = FULL`, libsql's default, every commit is fsynced.
    await client.execute('PRAGMA journal_mode = WAL')
    await migrate(migratable(client))
  } catch (error) {
    client.close()
    throw error
  }
  const prisma = new PrismaClient({ adapter: new SharedConnection(client) })
  return {
    prisma,
    async transact(statements) {
      await client.batch(
        statements.map(({ sql, args }) => ({ sql, args: args as Value[] })),
        'write',
      )
    },
    async sizeBytes() {
      const sizes = await Promise.all(
        [path, `${path}-wal`].map((file) =>
          stat(file).then(
            (s) => s.size,
            () => 0,
          ),
        ),
      )
      return sizes.reduce((sum, size) => sum + size, 0)
    },
    // Whoever opened it holds the data folder's lock.
    hold: async () => {},
    async close() {
      await prisma.$disconnect()
      if (!client.closed) client.close()
    },
  }
}

function migratable(client: Client): Migratable {
  return {
    provider: 'sqlite',
    query: async (sql) => (await client.execute(sql)).rows,
    script: (sql) => client.executeMultiple(`BEGIN IMMEDIATE; ${sql}; COMMIT`),
  }
}
