import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchAgent } from '../../node-agent/ask.ts'
import { buildRuntime } from '../../scripts/build-runtime.mjs'
import { createHarness, type Harness, root } from '../gateway/harness.ts'
import { createAgents } from './process.ts'

// An agent of an earlier release meets a pool that was upgraded.

let harness: Harness
let agents: Awaited<ReturnType<typeof createAgents>>
let folder: string

beforeAll(async () => {
  agents = await createAgents()
  harness = await createHarness('poolparty-renew-')
  folder = await mkdtemp(join(tmpdir(), 'poolparty-old-agent-'))
})
afterAll(async () => {
  await agents?.close()
  await harness?.close()
  await rm(folder, { recursive: true, force: true })
})

/** The same agent, but for the version of the messages it speaks. */
const ANCIENT = 0
const ancient: Plugin = {
  name: 'ancient',
  setup: ({ onLoad }) =>
    onLoad({ filter: /protocol\/limits\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/(PROTOCOL_VERSION = )\d+/, `$1${ANCIENT}`),
      loader: 'ts',
    })),
}

async function oldAgent(): Promise<string> {
  const common: BuildOptions = { bundle: true, platform: 'node', format: 'esm', mainFields: ['module', 'main'] }
  const banner = { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" }
  const external = ['bufferutil', 'utf-8-validate']
  const define = { AGENT_VERSION: '"0.0.1-rold"' }
  const entry = (name: string) => ({ entryPoints: [join(root, 'node-agent', `${name}.ts`)], outdir: folder })
  const outExtension = { '.js': '.mjs' }
  await build({ ...common, ...entry('agent'), banner, external, define, outExtension, plugins: [ancient] })
  await build({ ...common, ...entry('worker'), outExtension })
  return join(folder, 'agent.mjs')
}

test('[D40] an agent of another version fetches the pool’s own, which takes over in its process and computes', async () => {
  const { agent: own } = await buildRuntime()
  const pool = await harness.start()
  const agent = agents.start([pool.url, '--name', 'Pi', '--threads', '1'], {}, await oldAgent())
  await agent.said(/PoolParty agent 0\.0\.1-rold/)
  await agent.said(/has another version, so its own agent takes over/)
  await agent.said(new RegExp(`PoolParty agent ${own.version}`))
  await agent.said(/Connected to .* as Pi/)
  const params = { formula: 'mandelbrot', center: [-0.5, 0], span: 3, width: 320, height: 200, maxIterations: 200 }
  const answer = await pool.call('POST', '/jobs', { kind: 'fractal', params, trust: 'fast' })
  const { id } = (await answer.json()) as { id: string }
  for (let status = ''; status !== 'done'; )
    status = ((await (await pool.call('GET', `/jobs/${id}`)).json()) as { status: string }).status
  agent.child.kill('SIGTERM')
  expect(await agent.ended).toBe(0)
  await pool.stop()
}, 60_000)

test('[D40] what gives out no agent, or the same one, is said and nothing is run', async () => {
  const { agent: own } = await buildRuntime()
  let manifest = JSON.stringify({ agent: own })
  const server = createServer((_, response) => response.end(manifest)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await fetchAgent(origin, own.version)).toBeNull()
  for (const wrong of ['', '{}', '{"agent":{"version":"1","url":"http://elsewhere/agent.tgz"}}']) {
    manifest = wrong
    await expect(fetchAgent(origin, own.version)).rejects.toThrow(/does not say which agent it wants/)
  }
  manifest = JSON.stringify({ agent: { version: '9', url: '/agent-9.tgz' } })
  await expect(fetchAgent(origin, own.version)).rejects.toThrow()
  await new Promise((resolve) => server.close(resolve))
  await expect(fetchAgent(origin, own.version)).rejects.toThrow(/did not answer/)
})
