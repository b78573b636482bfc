import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createClient } from '@libsql/client/sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMemoryStore } from '../../coordinator/store/memory.ts'
import { until } from './device.ts'
import { type Inside, openInside } from './inside.ts'
import { runServer as run } from './run-server.ts'

let inside: Inside
beforeAll(async () => {
  inside = await openInside()
}, 60_000)
afterAll(() => inside.close())

const listening = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

test('[G65] what cannot start ends with code 2 and one sentence', async () => {
  const taken = createServer()
  const port = await listening(taken)
  const file = join(inside.harness.folder, 'a-file')
  await writeFile(file, 'not a folder')
  const pool = await inside.start()
  const [free, noKey, noDatabase] = ['free', 'no-key', 'no-database'].map((name) => join(inside.harness.folder, name))
  // A folder where a file belongs, and a record of migrations that this program did not write.
  await mkdir(join(noKey!, 'admin-key'), { recursive: true })
  await mkdir(noDatabase!)
  const strange = createClient({ url: `file:${noDatabase}/pool.db` })
  await strange.execute('CREATE TABLE "_prisma_migrations" ("migration_name" TEXT, "rolled_back_at" TEXT)')
  strange.close()
  const [help, wrong, busy, noFolder, locked, noLog, ...others] = await Promise.all([
    run(['--help']),
    run(['--port', 'x']),
    run(['--data-dir', free!], { PORT: String(port) }),
    run(['--data-dir', file, '--port', '0']),
    run(['--data-dir', pool.dataDir, '--port', '0']),
    run(['--data-dir', free!, '--port', '0', '--replay', file]),
    run(['--data-dir', free!, '--port', '0'], { DATABASE_URL: 'postgresql://pool:pass#word@127.0.0.1/pool' }),
    run(['--data-dir', free!, '--port', '0'], { DATABASE_URL: 'postgresql://pool:pass%word@127.0.0.1/pool' }),
    run(['--data-dir', join(free!, '2'), '--port', '0'], { DATABASE_URL: 'postgresql://127.0.0.1:1/pool' }),
    run(['--data-dir', join(free!, '3'), '--port', '0'], { DATABASE_URL: 'postgresql:///?sslrootcert=/nowhere/ca' }),
    run(['--data-dir', noDatabase!, '--port', '0']),
    run(['--data-dir', noKey!, '--port', '0']),
    run(['--data-dir', free!, '--port', '0', '--pool-key', '7-signs']),
  ])
  expect(help).toMatchObject({ code: 0, out: expect.stringMatching(/--data-dir FOLDER/) })
  expect(wrong.code).toBe(2)
  expect(wrong.error).toMatch(/^The port must be .*\n$/)
  expect(busy.code).toBe(2)
  expect(busy.error).toBe(`Port ${port} is taken by another program. Start with PORT=${port + 1} npm start.\n`)
  expect(noFolder.code).toBe(2)
  expect(noFolder.error).toMatch(/^The data folder .* is not a folder.*\n$/)
  expect(locked.code).toBe(2)
  expect(locked.error).toMatch(/^The data folder .* is in use by another pool.*\n$/)
  expect(noLog.code).toBe(2)
  expect(noLog.error).toMatch(/^\S+a-file cannot be replayed\. .*\n$/)
  const sentences = [
    /^User name, password .* # as %23.*DATABASE_URL was "…"\.\n$/,
    /^User name, password .* % as %25.*DATABASE_URL was "…"\.\n$/,
    /^PostgreSQL cannot be reached at the address in DATABASE_URL\. Mend that, then start again\.\n$/,
    /^The database in DATABASE_URL cannot be used: ENOENT.*\/nowhere\/ca.*\n$/,
    /^The database .*pool\.db cannot be used: .*no such column.*put its last backup back\.\n$/,
    /^\{.*EISDIR.*\}\nThe pool could not start: EISDIR.*\. The line above says where\.\n$/,
    /^The pool key must be at least 8 characters long\. --pool-key was "…"\.\n$/,
  ]
  for (const [i, sentence] of sentences.entries()) {
    expect(others[i]?.error).toMatch(sentence)
    expect(others[i]?.code).toBe(2)
  }
  taken.close()
  await pool.close()
}, 60_000)

test('[G66] a signal while starting ends it, and the data folder is free at once', async () => {
  const dataDir = join(inside.harness.folder, 'interrupted')
  const ended = await run(['--data-dir', dataDir, '--port', '0', '--no-work'], {}, (pid) => {
    setTimeout(() => process.kill(pid, 'SIGTERM'), 250)
  })
  expect(ended.code === 0 || ended.signal === 'SIGTERM').toBe(true)
  const pool = await inside.start({ dataDir })
  await pool.close()
}, 60_000)

test('[G67] /healthz is 503 until the pool answers, and everything else says that it is starting', async () => {
  const probe = createServer()
  const port = await listening(probe)
  await new Promise((resolve) => probe.close(resolve))
  const store = createMemoryStore()
  let letGo: () => void = () => {}
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const slow = { ...store, load: () => gate.then(store.load) }
  const starting = inside.start({ port }, slow)
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).catch(() => null)
  const early = await until(() => ask('/healthz'))
  expect(early.status).toBe(503)
  const answer = await ask('/api/v1/jobs')
  expect(answer?.status).toBe(503)
  expect(answer?.headers.get('content-type')).toBe('application/problem+json')
  letGo()
  const pool = await starting
  expect((await ask('/healthz'))?.status).toBe(200)
  expect(pool.banner.trimEnd().split('\n').at(-1)).toBe(`Ready: http://127.0.0.1:${port}`)
  await pool.close()
  expect(await ask('/healthz')).toBeNull()
}, 60_000)

test('[G80] a start says the one line that lends a machine from its command line, and the package is there', async () => {
  const open = await inside.start()
  const [, archive, address] = /^ {2}Agent {6}npx --yes (\S+) (\S+)$/m.exec(open.banner) ?? []
  expect(address).toBe(open.url)
  const answer = await fetch(archive!)
  expect(answer.headers.get('content-type')).toBe('application/gzip')
  await answer.arrayBuffer()
  expect((await open.api.about()).agentCommand).toBe(`npx --yes ${archive} ${address}`)
  await open.close()
  const closed = await inside.start({ poolKey: "it's-a-key" })
  expect(closed.banner).toContain(`.tgz '${closed.url}/join#key=it%27s-a-key'\n`)
  const told = (await (await fetch(`${closed.url}/api/v1/about`)).json()) as { agentCommand: string }
  expect(told.agentCommand).toMatch(/\.tgz 'http:\S+\/join'$/)
  await closed.close()
})

test('[G68] kernels are served for ever by their hash, compressed, as scripts; nothing else is', async () => {
  const pool = await inside.start()
  const manifest = (await (await fetch(`${pool.url}/kernels/manifest.json`)).json()) as { counting: { file: string } }
  const kernel = await fetch(`${pool.url}/kernels/${manifest.counting.file}`)
  expect(kernel.status).toBe(200)
  expect(kernel.headers.get('content-type')).toMatch(/^text\/javascript/)
  expect(kernel.headers.get('cache-control')).toMatch(/immutable/)
  expect(kernel.headers.get('content-encoding')).toBe('gzip')
  expect(await kernel.text()).toContain('kernel')
  expect((await fetch(`${pool.url}/kernels/manifest.json`)).headers.get('cache-control')).toBe('no-cache')
  for (const path of ['/kernels/no.mjs', '/kernels/.hidden', '/agent-9.tgz'])
    expect((await fetch(`${pool.url}${path}`)).status).toBe(404)
  expect((await fetch(`${pool.url}/kernels/..%2f..%2fpackage.json`)).status).toBe(400)
  expect((await fetch(`${pool.url}/kernels/manifest.json`, { method: 'DELETE' })).status).toBe(405)
  await pool.close()
})
