// The database clients: prisma/schema.prisma is the one model, prisma/postgresql.prisma is derived from it, and both
// clients are generated into coordinator/store/generated. `node scripts/prisma.mjs` does what is missing, offline.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './files.mjs'
import { run } from './run.mjs'

const schema = join(root, 'prisma', 'schema.prisma')
const postgresql = join(root, 'prisma', 'postgresql.prisma')
const generated = join(root, 'coordinator', 'store', 'generated')

/** The same models for PostgreSQL. @param {string} text contents of schema.prisma */
export function derivePostgresql(text) {
  return text
    .replace(/^(\/\/.*\n)+/, '// Derived from schema.prisma by scripts/prisma.mjs; edit that one.\n')
    .replace('"../coordinator/store/generated/sqlite"', '"../coordinator/store/generated/postgresql"')
    .replace(/(provider\s*= )"sqlite"/, '$1"postgresql"')
}

export async function generatePrisma() {
  const text = await readFile(schema, 'utf8')
  const derived = derivePostgresql(text)
  if ((await readFile(postgresql, 'utf8').catch(() => '')) !== derived) await writeFile(postgresql, derived)

  const cli = join(root, 'node_modules', 'prisma')
  const { version } = JSON.parse(await readFile(join(cli, 'package.json'), 'utf8'))
  const wanted = createHash('sha256').update(`${version}\n${text}`).digest('hex')
  const stamp = join(generated, 'made-from')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return

  await mkdir(generated, { recursive: true })
  for (const file of [schema, postgresql]) {
    await run(process.execPath, [join(cli, 'build', 'index.js'), 'generate', '--no-hints', '--schema', file], {
      cwd: root,
      env: {
        // Any existing file: `generate` never runs the engine but would download it.
        PRISMA_SCHEMA_ENGINE_BINARY: join(cli, 'package.json'),
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
        NO_COLOR: '1',
      },
    })
  }
  await writeFile(stamp, wanted)
}

if (process.argv[1] !== undefined && existsSync(process.argv[1]) && fileURLToPath(import.meta.url) === process.argv[1])
  await generatePrisma()
