// node prisma/write-migration.mjs <name>: after schema.prisma was changed, writes the SQL that leads there from the last
// committed model, for both databases. Read it before you commit it: a pool with jobs in flight will run it.

import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { derivePostgresql, generatePrisma } from '../scripts/prisma.mjs'
import { sqlTowards } from './schema-engine.mjs'

const name = process.argv[2] ?? ''
if (!/^[a-z][a-z-]*$/.test(name)) throw new Error('Give the migration a name of lower-case words: add-teams')

const folder = import.meta.dirname
const model = await readFile(join(folder, 'schema.prisma'), 'utf8')
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
const identity = (/** @type {string} */ text) => text

for (const { provider, of, factory } of [
  { provider: 'sqlite', of: identity, factory: new PrismaLibSql({ url: ':memory:' }) },
  { provider: 'postgresql', of: derivePostgresql, factory: noServer() },
]) {
  const folderOf = join(folder, 'migrations', provider)
  const first = (await readdir(folderOf, { withFileTypes: true })).every((entry) => !entry.isDirectory())
  const from = first ? 'nothing' : { model: of(committed()) }
  const sql = (await sqlTowards({ from, to: of(model), factory })).replace(/^-- CreateSchema\n.*\n\n/, '')
  if (sql === '') throw new Error('The model is the one that was committed last: there is nothing to migrate.')
  const target = join(folderOf, `${stamp}_${name.replaceAll('-', '_')}`)
  await mkdir(target, { recursive: true })
  await writeFile(join(target, 'migration.sql'), `${sql}\n`)
  console.log(join(target, 'migration.sql'))
}
await generatePrisma()

/** The engine wants to know which PostgreSQL it writes for, and nothing else when it compares two models. */
function noServer() {
  const queryRaw = async () => ({
    columnNames: ['exists', 'version', 'number'],
    columnTypes: [5, 7, 0],
    rows: [[true, 'PostgreSQL 15', 150_000]],
  })
  const nothing = async () => {}
  const adapter = {
    provider: 'postgres',
    adapterName: 'none',
    queryRaw,
    executeRaw: nothing,
    executeScript: nothing,
    startTransaction: nothing,
    dispose: nothing,
    getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
  }
  const connect = async () => adapter
  return /** @type {any} */ ({ provider: 'postgres', adapterName: 'none', connect, connectToShadowDb: connect })
}

function committed() {
  return execFileSync('git', ['show', 'HEAD:./schema.prisma'], { cwd: folder, encoding: 'utf8' })
}
