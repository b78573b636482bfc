import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { restore, saveCopy } from './backup.ts'
import { StoreError } from './port.ts'
import { storeErrorOf } from './store-error.ts'

// npm run backup -- <new folder> [--data-dir FOLDER]: also while the pool runs.
// npm run restore -- <backup> [--data-dir FOLDER]: only while the pool is stopped.

const [command, ...args] = process.argv.slice(2)
const usage =
  command === 'restore'
    ? 'npm run restore -- <backup> [--data-dir FOLDER]'
    : 'npm run backup -- <new folder> [--data-dir FOLDER]'

try {
  const { folder, dataDir } = settings()
  console.log(command === 'restore' ? await restored(folder, dataDir) : await saved(folder, dataDir))
} catch (error) {
  const known = storeErrorOf(error)
  if (!(known instanceof StoreError)) throw known
  console.error(known.sentence)
  process.exitCode = 1
}

async function saved(folder: string, dataDir: string): Promise<string> {
  const { bytes } = await saveCopy(dataDir, folder)
  return `Saved ${(bytes / 1e6).toFixed(1)} MB to ${folder}. The pool's keys are in it: keep it as you keep keys.`
}

async function restored(folder: string, dataDir: string): Promise<string> {
  const aside = await restore(folder, dataDir)
  const before = aside === null ? '' : ` What was there before is in ${aside}.`
  return `Restored ${dataDir} from ${folder}.${before} Start the pool: npm start.`
}

/** One folder, and the settings of a start. */
function settings(): { folder: string; dataDir: string } {
  const { values, positionals } = parse()
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

function parse() {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { 'data-dir': { type: 'string' }, 'database-url': { type: 'string' } },
    })
  } catch (error) {
    throw new StoreError(usage, error)
  }
}
