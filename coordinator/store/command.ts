import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StoreTrouble } from './port.ts'
import { troubleOf } from './trouble.ts'

/** Runs `npm run backup` or `npm run restore`: one folder and the settings of a start; one sentence when it fails. */
export async function runCommand(
  usage: string,
  work: (folder: string, dataDir: string) => Promise<string>,
): Promise<void> {
  try {
    const { folder, dataDir } = settings(usage)
    console.log(await work(folder, dataDir))
  } catch (error) {
    const trouble = troubleOf(error)
    if (!(trouble instanceof StoreTrouble)) throw trouble
    console.error(trouble.sentence)
    process.exitCode = 1
  }
}

function settings(usage: string): { folder: string; dataDir: string } {
  const { values, positionals } = parse(usage)
  const [folder, ...more] = positionals
  if (folder === undefined || more.length > 0) throw new StoreTrouble(usage, null)
  const databaseUrl = values['database-url'] ?? process.env['DATABASE_URL'] ?? ''
  if (databaseUrl !== '')
    throw new StoreTrouble(
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
    throw new StoreTrouble(usage, error)
  }
}
