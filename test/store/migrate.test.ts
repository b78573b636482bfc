import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@libsql/client/sqlite3'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { root } from '../../coordinator/disk.ts'
import { type Migratable, migrate, readMigrations } from '../../coordinator/store/database.ts'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { StoreError } from '../../coordinator/store/port.ts'
import { storeErrorOf } from '../../coordinator/store/store-error.ts'
import { diagnose, sqlTowards } from '../../prisma/schema-engine.mjs'
import { derivePostgresql } from '../../scripts/prisma.mjs'
import { postgresPrograms, startPostgres } from './postgres-server.ts'
import { outputsOfRelease1, release1 } from './release-1.ts'
import { batch, credit, deviceId, historyOf, jobId, newJob, outputTexts, progressOf, result } from './sample.ts'
import { scratchFolder } from './scratch.ts'

const prismaFile = (name: string) => readFile(join(root, 'prisma', name), 'utf8')

function migratable(path: string): Migratable {
  const client = createClient({ url: `file:${path}` })
  return {
    provider: 'sqlite',
    query: async (sql) => (await client.execute(sql)).rows,
    script: (sql) => client.executeMultiple(`BEGIN; ${sql}; COMMIT`),
  }
}

test('[S32] the PostgreSQL schema is what the script derives from schema.prisma (else: node scripts/prisma.mjs)', async () => {
  expect(await prismaFile('postgresql.prisma')).toBe(derivePostgresql(await prismaFile('schema.prisma')))
})

const programs = await postgresPrograms()
const server = programs === undefined ? undefined : startPostgres(programs)
if (server !== undefined) afterAll(async () => (await server).stop())

for (const provider of ['sqlite', 'postgresql'] as const) {
  if (provider === 'postgresql' && server === undefined) continue
  test(`[S33] migrations lead to the model, and Prisma agrees that they were applied: ${provider}`, async () => {
    const dataDir = await scratchFolder()
    const databaseUrl = provider === 'sqlite' ? `file:${dataDir}/pool.db` : await (await server!).createDatabase()
    await (await openPrismaStore({ databaseUrl, dataDir })).close()
    const factory = provider === 'sqlite' ? new PrismaLibSql({ url: databaseUrl }) : new PrismaPg(databaseUrl)
    const schema = await prismaFile(provider === 'sqlite' ? 'schema.prisma' : 'postgresql.prisma')
    if (provider === 'sqlite') expect(await sqlTowards({ from: 'database', to: schema, factory })).toBe('')
    else {
      // The engine cannot read a PostgreSQL through this adapter; so what it would make is made and looked at instead.
      const made = await (await server!).createDatabase()
      await ask(made, await sqlTowards({ from: 'nothing', to: schema, factory }))
      expect(await shapeOf(databaseUrl)).toEqual(await shapeOf(made))
    }
    const migrations = await readMigrations(provider)
    const lock = await prismaFile(`migrations/${provider}/migration_lock.toml`)
    expect(await diagnose({ schema, factory, lock, migrations })).toMatchObject({
      ...{ history: null, failedMigrationNames: [], editedMigrationNames: [], hasMigrationsTable: true },
    })
  })
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return rows
}

/** Columns and indexes of everything but Prisma's own record. */
async function shapeOf(url: string): Promise<unknown[]> {
  const own = `"table_schema" = 'public' AND "table_name" <> '_prisma_migrations'`
  const columns = `SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
    WHERE ${own} ORDER BY table_name, column_name`
  const indexes = `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`
  const shape = [...(await ask(url, columns)), ...(await ask(url, indexes))]
  expect(shape.length).toBeGreaterThan(50)
  return shape
}

/** A process that has done all of the last migration but its end, when it is killed. */
async function killMigrating(provider: 'sqlite' | 'postgresql', dataDir: string, databaseUrl: string | null) {
  const sql = JSON.stringify(
    `BEGIN; ${(await readMigrations(provider))
      .map((one) => one.sql)
      .slice(1)
      .join(';')}`,
  )
  const script =
    provider === 'sqlite'
      ? `import { createClient } from '@libsql/client/sqlite3'
         await createClient({ url: ${JSON.stringify(`file:${dataDir}/pool.db`)} }).executeMultiple(${sql})`
      : `import pg from 'pg'
         const client = new pg.Client({ connectionString: ${JSON.stringify(databaseUrl)} })
         await client.connect()
         await client.query(${sql})`
  const args = ['--input-type=module', '-e', `${script}\nprocess.kill(process.pid, 'SIGKILL')`]
  const { signal, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  expect([signal, stderr]).toEqual(['SIGKILL', ''])
}

for (const provider of ['sqlite', 'postgresql'] as const) {
  if (provider === 'postgresql' && server === undefined) continue
  for (const killed of [false, true])
    test(`[S34] a database of the first release with a job in flight migrates and goes on${killed ? ', also when it was killed half-way' : ''}: ${provider}`, async () => {
      const dataDir = await scratchFolder()
      const databaseUrl = provider === 'sqlite' ? null : await (await server!).createDatabase()
      await release1(dataDir, databaseUrl)
      if (killed) await killMigrating(provider, dataDir, databaseUrl)
      const store = await openPrismaStore({ databaseUrl, dataDir })
      const { jobs } = await store.load()
      expect(jobs.map(({ spec, progress }) => [spec.id, progress.tasksDone])).toEqual([['a', 3]])
      expect(await historyOf(store, 'a')).toHaveLength(4)
      expect((await store.jobs({ limit: 9, submitter: 'system' })).items.map(({ id }) => id)).toEqual(['b'])
      expect(await store.device(deviceId('d'))).toMatchObject({ reputation: { checkedLeases: 1, agreements: 1 } })
      await store.commit(
        batch([
          { type: 'tasksDecided', job: jobId('a'), from: 3, to: 4, device: deviceId('d'), how: 'unchecked' },
          result(4, { outputs: ['four'] }),
          credit(2, { tasks: 2 }),
          progressOf(newJob('a', { taskCount: 5 }), { status: 'done', tasksDone: 5 }),
        ]),
      )
      expect(await outputTexts(store, 'a')).toEqual([...outputsOfRelease1, 'four'])
      expect(await store.contributions(jobId('a'))).toMatchObject([{ credit: 11, tasks: 5 }])
      await store.close()
    })
}

test('[S35] missing migrations are applied once, in order; one that fails changes nothing', async () => {
  const database = migratable(join(await scratchFolder(), 'pool.db'))
  const first = { name: '1_first', sql: 'CREATE TABLE "t" ("x" INTEGER); INSERT INTO "t" VALUES (1)' }
  const second = { name: '2_second', sql: 'ALTER TABLE "t" ADD COLUMN "y" TEXT' }
  const broken = { name: '3_broken', sql: 'INSERT INTO "t" VALUES (2, NULL); INSERT INTO "nowhere" VALUES (1)' }
  expect(await migrate(database, [first])).toEqual(['1_first'])
  expect(await migrate(database, [first, second])).toEqual(['2_second'])
  await expect(migrate(database, [first, second, broken])).rejects.toThrow(/nowhere/)
  expect(await migrate(database, [first, second])).toEqual([])
  expect(await database.query('SELECT "x", "y" FROM "t"')).toMatchObject([{ x: 1, y: null }])
})

test('[S36] a database written by a newer release is refused in a sentence', async () => {
  const dataDir = await scratchFolder()
  await (await openPrismaStore({ databaseUrl: null, dataDir })).close()
  const newer = [
    ...(await readMigrations('sqlite')),
    { name: '99990101000000_later', sql: 'CREATE TABLE "Later" ("x" TEXT)' },
  ]
  await migrate(migratable(join(dataDir, 'pool.db')), newer)
  const opening = openPrismaStore({ databaseUrl: null, dataDir })
  await expect(opening).rejects.toThrow(StoreError)
  await expect(opening).rejects.toThrow(/newer release.*99990101000000_later/)
})

test('[S37] a damaged or locked database, a folder that is a file, a read-only folder: sentences', async () => {
  const folder = await scratchFolder()
  const sentenceOf = (dataDir: string) =>
    openPrismaStore({ databaseUrl: null, dataDir }).then(
      () => 'opened',
      (error) => error.sentence,
    )
  await mkdir(join(folder, 'damaged'))
  await writeFile(join(folder, 'damaged', 'pool.db'), 'x'.repeat(10_000))
  expect(await sentenceOf(join(folder, 'damaged'))).toMatch(/database is damaged/)
  await writeFile(join(folder, 'file'), '')
  expect(await sentenceOf(join(folder, 'file'))).toMatch(/is not a folder/)
  expect(await sentenceOf('/sys/poolparty')).toMatch(/cannot be written/)

  const [holder, other] = [0, 1].map(() => createClient({ url: `file:${folder}/locked.db`, timeout: 1 }))
  await holder?.execute('PRAGMA locking_mode = EXCLUSIVE')
  await holder?.execute('CREATE TABLE "t" ("x" TEXT)')
  const locked = await other?.execute('INSERT INTO "t" VALUES (1)').catch(storeErrorOf)
  expect(locked).toMatchObject({ sentence: expect.stringMatching(/keeps the database locked/) })
})
