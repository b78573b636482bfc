import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { digestOf, root, write } from './files.mjs'

// The volunteer's runtime (public/runtime) and the agent (build/agent, public/agent-<version>.tgz), by esbuild. Everything
// published is named by a hash of its contents, so it may be cached for ever; the same sources give the same bytes.

const published = join(root, 'public', 'runtime')
const agentFolder = join(root, 'build', 'agent')
const manifestPath = join(published, 'manifest.json')
const stampPath = join(root, 'build', 'runtime-inputs.json')

/** CommonJS packages inside an ES module ask for `require`. */
const REQUIRE = "import{createRequire as r}from'node:module';const require=r(import.meta.url);"

/** Of a tar archive. */
const BLOCK = 512
const OPERATING_SYSTEM = 9
/** npm refuses nothing, but some tools frown on files from 1970; any fixed time makes the same bytes each time. */
const TIME = Date.UTC(2025, 0, 1) / 1000

/**
 * @typedef {object} RuntimeManifest paths are on the pool's origin
 * @property {string} hash of all three scripts: what `hello.runtime` says
 * @property {string} page
 * @property {string} session
 * @property {string} compute
 * @property {{ page: number, session: number, compute: number }} gzipBytes
 * @property {{ version: string, url: string, bytes: number }} agent
 */

/** @returns {Promise<RuntimeManifest>} what public/runtime/manifest.json says */
export async function buildRuntime() {
  const known = await knownManifest()
  if (known) return known
  const inputs = new Set([fileURLToPath(import.meta.url), join(root, 'package.json')])
  const session = await bundle('workers/session-worker.ts', inputs)
  const compute = await bundle('workers/compute.ts', inputs)
  // The page's script names the other two and the hash of all, so it is hashed with empty names first.
  const draft = await bundle('workers/page.ts', inputs, runtimeNames('', '', ''))
  const hash = digest(session, compute, draft)
  const names = { session: `/runtime/session.${digest(session)}.js`, compute: `/runtime/compute.${digest(compute)}.js` }
  const page = await bundle('workers/page.ts', inputs, runtimeNames(hash, names.session, names.compute))
  const pageName = `/runtime/volunteer.${digest(page)}.js`
  const agent = await buildAgent(inputs)
  /** @type {RuntimeManifest} */
  const manifest = {
    hash,
    page: pageName,
    ...names,
    gzipBytes: { page: gzipBytes(page), session: gzipBytes(session), compute: gzipBytes(compute) },
    agent,
  }
  await write(join(root, 'public', pageName), page)
  await write(join(root, 'public', names.session), session)
  await write(join(root, 'public', names.compute), compute)
  await write(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`)
  await removeStale(manifest)
  const files = [...inputs].sort()
  await write(stampPath, JSON.stringify({ files, digest: await digestOf(files) }))
  return manifest
}

/** @param {string} hash @param {string} session @param {string} compute */
function runtimeNames(hash, session, compute) {
  return {
    RUNTIME_HASH: JSON.stringify(hash),
    SESSION_URL: JSON.stringify(session),
    COMPUTE_URL: JSON.stringify(compute),
  }
}

/** @param {string} entry @param {Set<string>} inputs @param {Record<string, string>} define */
async function bundle(entry, inputs, define = {}) {
  return esbuild(inputs, {
    entryPoints: [join(root, entry)],
    platform: 'browser',
    // The page's script is a classic one, so that it runs before hydration; workers are modules, for kernels' imports.
    format: entry.endsWith('page.ts') ? 'iife' : 'esm',
    // Safari 15 is the oldest with modules in workers; top-level syntax beyond it is lowered.
    target: ['es2021', 'chrome87', 'firefox114', 'safari15'],
    define: { 'process.env.NODE_ENV': '"production"', ...define },
  })
}

/** @param {Set<string>} inputs */
async function buildAgent(inputs) {
  /** @type {import('esbuild').BuildOptions} */
  const common = {
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    external: ['bufferutil', 'utf-8-validate'],
  }
  const worker = await esbuild(inputs, { ...common, entryPoints: [join(root, 'node-agent', 'worker.ts')], banner: {} })
  const agentEntry = { ...common, entryPoints: [join(root, 'node-agent', 'agent.ts')] }
  const draft = await esbuild(inputs, { ...agentEntry, define: { AGENT_VERSION: '""' } })
  const { version: release, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  // The letter keeps a hash of digits from being read as a number, which semver would refuse with a leading zero.
  const version = `${release}-r${digest(worker, draft).slice(0, 8)}`
  const agent = await esbuild(inputs, { ...agentEntry, define: { AGENT_VERSION: JSON.stringify(version) } })
  const description = {
    name: 'poolparty-agent',
    version,
    license,
    type: 'module',
    description: 'Lends this machine to a PoolParty pool: npx --yes http://HOST/agent-VERSION.tgz http://HOST',
    bin: { 'poolparty-agent': 'agent.mjs' },
    engines: { node: '>=20.19' },
  }
  const script = Buffer.concat([Buffer.from('#!/usr/bin/env node\n'), agent])
  await write(join(agentFolder, 'agent.mjs'), script)
  await write(join(agentFolder, 'worker.mjs'), worker)
  const tarball = packTarball([
    { name: 'package/package.json', contents: Buffer.from(`${JSON.stringify(description, null, 2)}\n`) },
    { name: 'package/agent.mjs', contents: script, executable: true },
    { name: 'package/worker.mjs', contents: worker },
  ])
  const url = `/agent-${version}.tgz`
  await write(join(root, 'public', url), tarball)
  return { version, url, bytes: tarball.length }
}

/** @param {Set<string>} inputs @param {import('esbuild').BuildOptions} options */
async function esbuild(inputs, options) {
  const { build } = await import('esbuild')
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    ...options,
  })
  for (const path of Object.keys(metafile?.inputs ?? {})) if (!path.includes(':')) inputs.add(join(root, path))
  return Buffer.from(/** @type {Uint8Array} */ (outputFiles?.[0]?.contents))
}

/** What stands there already, if it was made of exactly what stands there now. */
async function knownManifest() {
  try {
    const { files, digest: known } = JSON.parse(await readFile(stampPath, 'utf8'))
    /** @type {RuntimeManifest} */
    const manifest = JSON.parse(await readFile(manifestPath, 'utf8'))
    const made = [manifest.page, manifest.session, manifest.compute, manifest.agent.url]
    const whole =
      made.every((name) => existsSync(join(root, 'public', name))) &&
      ['agent.mjs', 'worker.mjs'].every((name) => existsSync(join(agentFolder, name)))
    return whole && known === (await digestOf(files)) ? manifest : undefined
  } catch {
    return undefined
  }
}

/** @param {Uint8Array[]} parts */
function digest(...parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex').slice(0, 16)
}

/** @param {Uint8Array} bytes */
function gzipBytes(bytes) {
  return gzipSync(bytes, { level: 9 }).length
}

/** @param {RuntimeManifest} manifest */
async function removeStale({ page, session, compute, agent }) {
  const current = new Set(['/runtime/manifest.json', page, session, compute, agent.url])
  const runtime = (await readdir(published)).map((name) => `/runtime/${name}`)
  const agents = (await readdir(join(root, 'public')))
    .filter((name) => /^agent-.*\.tgz$/.test(name))
    .map((name) => `/${name}`)
  for (const name of [...runtime, ...agents])
    if (!current.has(name)) await rm(join(root, 'public', name), { force: true })
}

/**
 * A gzipped ustar archive, the same bytes for the same files.
 * @param {readonly { name: string, contents: Uint8Array, executable?: boolean }[]} files
 */
export function packTarball(files) {
  const blocks = files.flatMap(({ name, contents, executable }) => [
    header(name, contents.length, executable ? 0o755 : 0o644),
    contents,
    Buffer.alloc((BLOCK - (contents.length % BLOCK)) % BLOCK),
  ])
  // Two empty blocks end an archive.
  const zipped = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 })
  // zlib writes no time into its header, but the system it ran on.
  zipped[OPERATING_SYSTEM] = 255
  return zipped
}

/** @param {string} name @param {number} size @param {number} mode */
function header(name, size, mode) {
  const block = Buffer.alloc(BLOCK)
  const octal = (/** @type {number} */ value, /** @type {number} */ digits) =>
    `${value.toString(8).padStart(digits, '0')}\0`
  block.write(name, 0)
  block.write(octal(mode, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(size, 11), 124)
  block.write(octal(TIME, 11), 136)
  block.write('0', 156)
  block.write('ustar\x0000', 257)
  // The checksum is of the header with spaces in its own place.
  block.fill(' ', 148, 156)
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return block
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { page, session, compute, gzipBytes: sizes, agent } = await buildRuntime()
  const kB = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`
  console.log(`public${page} ${kB(sizes.page)} gzipped`)
  console.log(`public${session} ${kB(sizes.session)} and public${compute} ${kB(sizes.compute)} gzipped`)
  console.log(`public${agent.url} ${kB(agent.bytes)}`)
}
