// Prisma's schema engine as WebAssembly: tells what SQL leads from one state of a database to a model. The native engine
// would be downloaded from a host that may be out of reach; this one comes with npm. For writing migrations and for tests.

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'

/** @type {Promise<void> | undefined} */
let ready

async function instantiate() {
  const wasm = new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm'))
  const { instance } = await WebAssembly.instantiate(await readFile(fileURLToPath(wasm)), {
    './schema_engine_bg.js': /** @type {any} */ (bindings),
  })
  const { __wbindgen_start: start } = /** @type {any} */ (instance.exports)
  const { __wbg_set_wasm: use } = /** @type {any} */ (bindings)
  use(instance.exports)
  start()
}

/** @typedef {import('@prisma/driver-adapter-utils').SqlMigrationAwareDriverAdapterFactory} Factory */

/** @template T @param {string} schema @param {Factory} factory @param {(engine: any) => Promise<T>} ask */
async function withEngine(schema, factory, ask) {
  ready ??= instantiate()
  await ready
  const options = { datamodels: /** @type {[string, string][]} */ ([['schema.prisma', schema]]) }
  const engine = await bindings.SchemaEngine.new(options, () => {}, bindMigrationAwareSqlAdapterFactory(factory))
  try {
    return await ask(engine)
  } finally {
    engine.free()
  }
}

const filters = { externalTables: [], externalEnums: [] }
const container = (/** @type {string} */ content) => [{ path: 'schema.prisma', content }]

/**
 * SQL that leads to the model `to` from the model `from`, from nothing, or from what the live database behind `factory`
 * holds; empty when there is nothing to do.
 * @param {{ from: { model: string } | 'nothing' | 'database', to: string, factory: Factory }} options
 * @returns {Promise<string>}
 */
export function sqlTowards({ from, to, factory }) {
  const source =
    from === 'nothing'
      ? { tag: 'empty' }
      : from === 'database'
        ? { tag: 'schemaDatasource', files: container(to), configDir: '.' }
        : { tag: 'schemaDatamodel', files: container(from.model) }
  return withEngine(to, factory, async (engine) => {
    const target = { tag: 'schemaDatamodel', files: container(to) }
    const { stdout } = await engine.diff({ from: source, to: target, script: true, exitCode: null, filters })
    const sql = (stdout ?? '').trim()
    return sql === '-- This is an empty migration.' ? '' : sql
  })
}

/**
 * What `prisma migrate` thinks of the database's record of migrations: null when history and folder agree.
 * @param {{ schema: string, factory: Factory, lock: string, migrations: { name: string, sql: string }[] }} options
 */
export function diagnose({ schema, factory, lock, migrations }) {
  return withEngine(schema, factory, (engine) =>
    engine.diagnoseMigrationHistory({
      migrationsList: {
        baseDir: '.',
        lockfile: { path: 'migration_lock.toml', content: lock },
        shadowDbInitScript: '',
        migrationDirectories: migrations.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
        })),
      },
      optInToShadowDatabase: false,
      filters,
    }),
  )
}
