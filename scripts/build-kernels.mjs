// Every kind's kernel as one self-contained script: kernel.as.ts compiled by asc (with SIMD and without), both inlined
// into kernel.ts by esbuild, named by its hash. Knows no kind: a folder of jobs/ with a kernel.ts is one.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { digestOf, root, write } from './files.mjs'

const jobs = join(root, 'jobs')
const compiled = join(root, 'build', 'kernels')
const published = join(root, 'public', 'kernels')
const manifestPath = join(published, 'manifest.json')
const stampPath = join(compiled, 'sources')

const ASC_FLAGS = ['--runtime', 'stub', '--optimizeLevel', '3', '--converge', '--noAssert']
const BUILDS = { simd: ['--enable', 'simd'], scalar: [] }

/** Two who ask at once share one build. @type {Promise<Record<string, BuiltKernel>> | undefined} */
let building

/**
 * @typedef {{ hash: string, file: string, bytes: number, gzipBytes: number }} BuiltKernel
 * @returns {Promise<Record<string, BuiltKernel>>} what public/kernels/manifest.json says, by kind
 */
export function buildKernels() {
  building ??= buildChanged().finally(() => {
    building = undefined
  })
  return building
}

async function buildChanged() {
  const sources = await digestOfSources()
  const known = await knownManifest(sources)
  if (known) return known
  await mkdir(published, { recursive: true })
  /** @type {Record<string, BuiltKernel>} */
  const manifest = {}
  for (const kind of await kindsWithKernel()) manifest[kind] = await buildKernel(kind)
  await write(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`)
  await removeStale(manifest)
  await write(stampPath, sources)
  return manifest
}

async function kindsWithKernel() {
  const folders = await readdir(jobs, { withFileTypes: true })
  return folders
    .filter((entry) => entry.isDirectory() && existsSync(join(jobs, entry.name, 'kernel.ts')))
    .map((entry) => entry.name)
    .sort()
}

/** @param {string} kind */
async function buildKernel(kind) {
  const { build } = await import('esbuild')
  if (existsSync(join(jobs, kind, 'kernel.as.ts'))) await compile(kind)
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(jobs, kind, 'kernel.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    legalComments: 'none',
    loader: { '.wasm': 'binary' },
    plugins: [wasmOf(kind)],
  })
  const script = /** @type {Uint8Array} */ (outputFiles[0]?.contents)
  const hash = createHash('sha256').update(script).digest('hex').slice(0, 16)
  const file = `${kind}.${hash}.mjs`
  await write(join(published, file), script)
  return { hash, file, bytes: script.length, gzipBytes: gzipSync(script, { level: 9 }).length }
}

/** @param {string} kind */
async function compile(kind) {
  const { default: asc } = await import('assemblyscript/asc')
  await mkdir(join(compiled, kind), { recursive: true })
  for (const [name, flags] of Object.entries(BUILDS)) {
    /** @type {Uint8Array | undefined} */
    let wasm
    const source = relative(root, join(jobs, kind, 'kernel.as.ts'))
    const { error, stderr } = await asc.main(
      [source, ...ASC_FLAGS, ...flags, '--baseDir', root, '--outFile', 'kernel.wasm'],
      {
        writeFile(_, contents) {
          wasm = /** @type {Uint8Array} */ (contents)
        },
      },
    )
    if (error || !wasm) throw new Error(`jobs/${kind}/kernel.as.ts does not compile:\n${stderr.toString()}`)
    await write(join(compiled, kind, `kernel.${name}.wasm`), wasm)
  }
}

/** @param {string} kind @returns {import('esbuild').Plugin} */
function wasmOf(kind) {
  return {
    name: 'wasm',
    setup(build) {
      build.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: join(compiled, kind, path) }))
    },
  }
}

/** @param {string} sources */
async function knownManifest(sources) {
  try {
    if ((await readFile(stampPath, 'utf8')) !== sources) return undefined
    /** @type {Record<string, BuiltKernel>} */
    const manifest = JSON.parse(await readFile(manifestPath, 'utf8'))
    return Object.values(manifest).every(({ file }) => existsSync(join(published, file))) ? manifest : undefined
  } catch {
    return undefined
  }
}

/** Over everything a kernel is made of. */
async function digestOfSources() {
  const entries = await readdir(jobs, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
  const tools = ['assemblyscript', 'esbuild', 'zod'].map((name) => join(root, 'node_modules', name, 'package.json'))
  return digestOf([fileURLToPath(import.meta.url), ...tools, ...files.sort()])
}

/** @param {Record<string, BuiltKernel>} manifest */
async function removeStale(manifest) {
  const current = new Set(['manifest.json', ...Object.values(manifest).map(({ file }) => file)])
  for (const name of await readdir(published)) if (!current.has(name)) await rm(join(published, name), { force: true })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [kind, { file, gzipBytes }] of Object.entries(await buildKernels())) {
    console.log(`${kind}: public/kernels/${file}, ${(gzipBytes / 1000).toFixed(1)} kB gzipped`)
  }
}
