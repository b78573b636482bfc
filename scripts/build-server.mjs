// The coordinator as a few scripts in build/: the server, its worker threads, and the list of kinds that both read.
// Packages stay where npm put them. Nothing is built twice from the same sources.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(import.meta.dirname ?? '', '..')
const out = join(root, 'build')
const stamp = join(out, 'server-sources.json')

/** Name of each script in build/ and what it is made of. */
const entries = {
  server: 'coordinator/server.ts',
  kinds: 'jobs/index.ts',
  'gateway-worker': 'coordinator/outputs/worker.ts',
  'files-worker': 'coordinator/inputs/worker.ts',
  'prices-worker': 'market/server/worker.ts',
  'store-worker': 'coordinator/store/worker.ts',
}

export async function buildServer() {
  if (await isCurrent()) return
  const { build } = await import('esbuild')
  await mkdir(out, { recursive: true })
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    legalComments: 'none',
    metafile: true,
  })
  const inputs = Object.keys(metafile.inputs).filter((path) => existsSync(join(root, path)))
  await writeFile(stamp, `${JSON.stringify({ digest: await digest(inputs), inputs }, null, 2)}\n`)
}

/** True when what is built was made of what the sources are now. */
async function isCurrent() {
  if (!existsSync(stamp) || !Object.keys(entries).every((name) => existsSync(join(out, `${name}.mjs`)))) return false
  const built = JSON.parse(await readFile(stamp, 'utf8'))
  return built.digest === (await digest(built.inputs))
}

/** SHA-256 over the names and contents of these files and of this script. @param {string[]} inputs */
async function digest(inputs) {
  const hash = createHash('sha256').update(await readFile(fileURLToPath(import.meta.url)))
  for (const path of inputs) hash.update(`\0${path}\0`).update(await readFile(join(root, path)).catch(() => 'gone'))
  return hash.digest('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildServer()
