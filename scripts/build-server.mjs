// The coordinator as a few scripts in build/: the server, its worker threads, and the list of kinds that both read.
// Packages stay where npm put them. Nothing is built twice from the same sources.

import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { digestOf, root } from './files.mjs'

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
  await writeFile(stamp, `${JSON.stringify({ digest: await digestOfBuild(inputs), inputs }, null, 2)}\n`)
}

/** True when what is built was made of what the sources are now. */
async function isCurrent() {
  if (!existsSync(stamp) || !Object.keys(entries).every((name) => existsSync(join(out, `${name}.mjs`)))) return false
  const { digest, inputs } = JSON.parse(await readFile(stamp, 'utf8'))
  return digest === (await digestOfBuild(inputs))
}

/** @param {string[]} inputs */
function digestOfBuild(inputs) {
  return digestOf([fileURLToPath(import.meta.url), ...inputs.map((path) => join(root, path))])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildServer()
