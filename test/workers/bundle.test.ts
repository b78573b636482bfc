import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildRuntime, packTarball } from '../../scripts/build-runtime.mjs'

const built = (name: string) => readFileSync(join(import.meta.dirname, '../../public', name))

test('[D20] session and worker of the volunteer runtime weigh at most 40 kB gzipped', async () => {
  const { gzipBytes } = await buildRuntime()
  expect(gzipBytes.session + gzipBytes.compute).toBeLessThanOrEqual(40_000)
})

test('[D20] the runtime names no facility that plain http lacks, and parses nothing with zod', async () => {
  const { page, session, compute } = await buildRuntime()
  const text = [page, session, compute].map((name) => built(name).toString()).join('\n')
  expect(text).not.toMatch(/crypto\.subtle|randomUUID|SharedArrayBuffer|serviceWorker|navigator\.locks|ZodMini/)
})

test('[D20] the page’s script knows the names of the other two and the hash of all', async () => {
  const { page, session, compute, hash } = await buildRuntime()
  const text = built(page).toString()
  for (const name of [session, compute, hash]) expect(text).toContain(name)
})

test('[D27] the agent is one package without dependencies that npm can unpack and start', async () => {
  const { agent } = await buildRuntime()
  const archive = gunzipSync(built(agent.url))
  const files = new Map<string, Buffer>()
  for (let at = 0; archive[at] !== 0; ) {
    const name = archive.toString('utf8', at, archive.indexOf(0, at))
    const size = Number.parseInt(archive.toString('utf8', at + 124, at + 135), 8)
    files.set(name, archive.subarray(at + 512, at + 512 + size))
    at += 512 + Math.ceil(size / 512) * 512
  }
  expect([...files.keys()]).toEqual(['package/package.json', 'package/agent.mjs', 'package/worker.mjs'])
  const description = JSON.parse(files.get('package/package.json')!.toString())
  expect(description).toMatchObject({ version: agent.version, bin: { 'poolparty-agent': 'agent.mjs' } })
  expect(description.dependencies).toBeUndefined()
  expect(files.get('package/agent.mjs')!.toString()).toMatch(/^#!\/usr\/bin\/env node\n/)
})

test('[D27] the same files make the same archive', () => {
  const files = [{ name: 'package/a', contents: Buffer.from('a') }]
  expect(packTarball(files).equals(packTarball(files))).toBe(true)
})
