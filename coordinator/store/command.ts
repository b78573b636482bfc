import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StoreError } from './port.ts'
import { storeErrorOf } from './store-error.ts'

/** Runs `npm run backup` or `npm run restore`: one folder and the settings of a start; one sentence when it fails. */
export async function runCommand(
  usage: string,
  work: (folder: string, dataDir: string) => Promise<string>,
): Promise<void> {
  try {
    const { folder, dataDir } = settings(usage)
    console.log(await work(folder, dataDir))
  } catch (error) {
    const trouble = storeErrorOf(error)
    if (!(trouble instanceof StoreError)) throw trouble
    console.error(trouble.sentence)
    process.exitCode = 1
  }
}

function settings(usage: string): { folder: string; dataDir: string } {
  const { values, positionals } = parse(usage)
  const [folder, ...more] = positionals
  if (folder === undefined || more.length > 0) throw new StoreError(usage, null)
  const databaseUrl = values['database-url'] ?? process.env['DATABASE_URL'] ?? ''
  if (databaseUrl !== '')
    throw new StoreError(
      'These commands are for the database in the data folder; DATABASE_URL names another. Use its own tools (for PostgreSQL: pg_dump) and copy the data folder beside.',
      null,
    )
  return { folder: resolve(folder), dataDir: resolve(values['data-dir'] ?? (process.env['POOL_DATA_DIR'] || 'data')) }
}

function parse(usage: string) {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { 'data-dir': { type: 'string' }, 'database-url': { type: 'string' } },
    })
  } catch (error) {
    throw new StoreError(usage, error)
  }
}
