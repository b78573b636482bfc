import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { type Database, type Migratable, migrate, type Statement } from './database.ts'
import { PrismaClient } from './generated/postgresql/client.ts'
import type { PrismaClient as SqliteClient } from './generated/sqlite/client.ts'
import { StoreError } from './port.ts'

/** Names this program's advisory lock among those other programs may take in the same database ("pool" in ASCII). */
const LOCK = 0x706f6f6c
/** The server gives up on a silent connection of ours, and on what it had locked, within this time. */
const ORPHAN_MS = 20_000

/** @param check looks at the database before anything in it is changed */
export async function openPostgres(url: string, check: (database: Migratable) => Promise<void>): Promise<Database> {
  const settings: pg.PoolConfig = {
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    idle_in_transaction_session_timeout: ORPHAN_MS,
    statement_timeout: 120_000,
    options: '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
  }
  const lock = createLock(settings)
  const pool = new pg.Pool({ ...settings, max: 5 })
  // Connections break when the server restarts, idle ones and those in use; the next statement says what is wrong.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    await lock.hold()
    await check(migratable(pool))
    await migrate(migratable(pool))
  } catch (error) {
    await Promise.all([pool.end(), lock.release()])
    throw error
  }
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) }) as unknown as SqliteClient
  return {
    prisma,
    transact: (statements) => withConnection(pool, (connection) => transact(connection, statements)),
    async sizeBytes() {
      const { rows } = await pool.query('SELECT pg_database_size(current_database()) AS bytes')
      return Number(rows[0].bytes)
    },
    hold: lock.hold,
    async close() {
      await prisma.$disconnect()
      await Promise.all([pool.end(), lock.release()])
    },
  }
}

/** Lasts as long as its connection: two coordinators on one database would undo each other's work. */
function createLock(settings: pg.PoolConfig) {
  let holder: pg.Client | null = null
  return {
    async hold(): Promise<void> {
      if (holder !== null) return
      const client = new pg.Client(settings)
      client.on('error', () => {})
      client.on('end', () => {
        if (holder === client) holder = null
      })
      await client.connect()
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS taken', [LOCK])
      if (rows[0].taken === true) {
        holder = client
        return
      }
      await client.end()
      throw new StoreError(
        'Another pool is running on this PostgreSQL database. Stop it, or give this one a database of its own.',
        null,
      )
    },
    async release(): Promise<void> {
      await holder?.end().catch(() => {})
    },
  }
}

async function withConnection<T>(pool: pg.Pool, use: (connection: pg.PoolClient) => Promise<T>): Promise<T> {
  const connection = await pool.connect()
  try {
    const answer = await use(connection)
    connection.release()
    return answer
  } catch (error) {
    // Whatever state it is in, it is not used again; the server rolls back.
    connection.release(true)
    throw error
  }
}

async function transact(connection: pg.PoolClient, statements: readonly Statement[]): Promise<void> {
  await connection.query('BEGIN')
  for (const { sql, args } of statements) await connection.query(sql, [...args])
  await connection.query('COMMIT')
}

function migratable(pool: pg.Pool): Migratable {
  return {
    provider: 'postgresql',
    query: async (sql) => (await pool.query(sql)).rows,
    // The server runs several statements of one message as one transaction.
    script: async (sql) => void (await pool.query(sql)),
  }
}
