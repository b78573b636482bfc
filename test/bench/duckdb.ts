import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { run, step } from '../../scripts/run.mjs'

// DuckDB is what the csv benchmark and its check are measured against, and 70 MB: it is installed when one of them asks
// for it first, in a folder of its own, and by nothing else.

const folder = join(import.meta.dirname, 'duckdb')

/** The little of `@duckdb/node-api` that is used here. */
interface Api {
  readonly DuckDBInstance: {
    create(path: string, config: Readonly<Record<string, string>>): Promise<{ connect(): Promise<Connection> }>
  }
}
interface Connection {
  runAndReadAll(sql: string): Promise<{ getRowObjectsJson(): Readonly<Record<string, unknown>>[] }>
  closeSync(): void
}

export interface DuckDb {
  /** The first row of the answer. */
  ask(sql: string): Promise<Readonly<Record<string, unknown>>>
  close(): void
}

/** Throws one sentence where DuckDB cannot be had. */
export async function openDuckDb(threads: number): Promise<DuckDb> {
  await install()
  const { DuckDBInstance }: Api = createRequire(join(folder, 'package.json'))('@duckdb/node-api')
  const connection = await (await DuckDBInstance.create(':memory:', { threads: String(threads) })).connect()
  return {
    ask: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson()[0]!,
    close: () => connection.closeSync(),
  }
}

async function install(): Promise<void> {
  const lock = await readFile(join(folder, 'package-lock.json'), 'utf8')
  const stamp = join(folder, 'node_modules', '.poolparty-lock')
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === lock) return
  try {
    await step('Installing DuckDB for this benchmark (70 MB)', () =>
      run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder }),
    )
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/i.test(said))
      throw new NoDuckDb(
        'DuckDB could not be downloaded: there is no way to the npm registry. Connect this machine once and ask again.',
      )
    throw new NoDuckDb(`DuckDB could not be installed. npm said: ${said.trim().split('\n').slice(0, 4).join(' ')}`)
  }
  await writeFile(stamp, lock)
}

/** One sentence is all there is to say. */
export class NoDuckDb extends Error {
  override name = 'NoDuckDb'
}
