import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type Client, createClient, type InArgs, type InStatement } from '@libsql/client/sqlite3'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { type Database, type Migratable, migrate, type Value } from './database.ts'
import { PrismaClient } from './generated/sqlite/client.ts'

/** How long a statement waits for another program that writes to the same file. */
const BUSY_MS = 5_000

/**
 * Prisma on the connection that commits use. A transaction of Prisma's would stay open over turns of the event loop, and a
 * commit in between would wait for it in vain, stopping the loop that it waits for: so there are none.
 */
class SharedConnection extends PrismaLibSql {
  readonly #client: Client
  constructor(client: Client) {
    super({ url: 'file:' })
    this.#client = client
  }
  override createClient(): Client {
    const client = this.#client
    return {
      ...{ protocol: client.protocol, closed: false },
      execute: (statement: InStatement | string, args?: InArgs) =>
        typeof statement === 'string' ? client.execute(statement, args) : client.execute(statement),
      executeMultiple: (sql) => client.executeMultiple(sql),
      batch: (statements, mode) => client.batch(statements, mode),
      migrate: (statements) => client.migrate(statements),
      sync: () => client.sync(),
      reconnect: () => client.reconnect(),
      close: () => {},
      transaction: () => Promise.reject(new Error('Prisma wants a transaction here: use transact (database.ts)')),
    }
  }
}

/** @param check looks at the database before anything in it is changed; null where there is none yet */
export async function openSqlite(
  path: string,
  check: (database: Migratable | null) => Promise<void>,
): Promise<Database> {
  const isThere = existsSync(path)
  if (!isThere) await check(null)
  const client = createClient({ url: `file:${path}`, timeout: BUSY_MS })
  try {
    if (isThere) await check(migratable(client))
    // Kept in the file: set once, for ever.
    await client.execute('PRAGMA journal_mode = WAL')
    // Every commit is fsynced before it is acknowledged.
    await client.execute('PRAGMA synchronous = FULL')
    await migrate(migratable(client))
  } catch (error) {
    client.close()
    throw error
  }
  const prisma = new PrismaClient({ adapter: new SharedConnection(client) })
  return {
    prisma,
    async transact(statements) {
      // Places without names: SQLite looks each named one up among all those before it.
      const batch = statements.map(({ sql, args }) => ({ sql: sql.replace(/\$\d+/g, '?'), args: args as Value[] }))
      await client.batch(batch, 'write')
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
      client.close()
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
