import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import next from 'next'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../coordinator/api/create.ts'
import { provideApi } from '../../coordinator/api/index.ts'
import { createHarness, type Harness, root } from '../gateway/harness.ts'
import { rawGet } from '../gateway/raw-http.ts'

// What a stranger can open of a pool that asks for a key.

let harness: Harness
beforeAll(async () => {
  harness = await createHarness('poolparty-open-')
})
afterAll(() => harness?.close())

/** Every page and file that Next knows, as the build lists them. */
async function routes(): Promise<readonly string[]> {
  const manifest = await readFile(join(root, '.next', 'app-path-routes-manifest.json'), 'utf8')
  return Object.values(JSON.parse(manifest) as Record<string, string>).map((path) => path.replace('[id]', 'some-job'))
}

const CLOSED = ['/', '/jobs', '/jobs/some-job', '/leaderboard', '/btc']
/** What used to lead from an open path to a closed one. */
const AROUND = [
  '/join/..',
  '/join/../',
  '/_next/..',
  '/_next/static/../..',
  '/admin/%2e%2e',
  '/screen/%2E.',
  '/icon/..',
]

test('[G99] without the key nothing but the listed paths answers, whatever the path looks like', async () => {
  const pool = await harness.start({ pages: true, flags: ['--pool-key', 'open-sesame'] })
  const toJoin = async (target: string) => {
    const { status, head } = await rawGet(pool.url, target)
    expect(status, target).toBe(307)
    expect(head, target).toMatch(/^location: \/join\r?$/m)
  }
  for (const target of CLOSED) {
    await toJoin(target)
    for (const around of AROUND) expect((await rawGet(pool.url, `${around}${target}`)).status, around).toBe(400)
  }
  const near = [
    '/joint',
    '/join/',
    '/joinx/jobs',
    '/_next/data/x/jobs.json',
    '/_nextjobs',
    '/icon',
    '/admin/x',
    '/art/x',
  ]
  for (const target of [...near, '/%6aobs', '/jobs?/join', '/iconjobs', '/screen.txt']) await toJoin(target)
  const join_ = await rawGet(pool.url, '/join')
  expect(join_.status).toBe(200)
  const loaded = [...join_.body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!)
  const open = ['/screen', '/admin', '/manifest.webmanifest', '/art/caustics.webp', '/art/icon-192.png', ...loaded]
  expect(loaded.some((path) => path.startsWith('/_next/static/'))).toBe(true)
  for (const target of open.filter((path) => !CLOSED.includes(path)))
    expect((await rawGet(pool.url, target)).status, target).toBe(200)
  await pool.stop()
})

test('[G99] every page asks for itself: without the key none reads anything of the pool', async () => {
  const asked: string[] = []
  const now = { name: 'x', showing: null, devices: 0, volunteers: 0, threads: 0, trouble: null }
  const answers: Record<string, unknown> = { isAdmin: () => false, mayEnter: () => false, now: async () => now }
  const stranger = new Proxy(answers, {
    get(target, name: string) {
      asked.push(name)
      return target[name]
    },
  })
  provideApi(stranger as unknown as Api)
  let handle: RequestListener = () => {}
  // Nothing of ours stands before the pages here.
  const server = createServer((request, response) => handle(request, response))
  const app = next({ dev: false, dir: root, httpServer: server, quiet: true })
  await app.prepare()
  const pages = app.getRequestHandler()
  handle = (request, response) => void pages(request, response)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    for (const path of [...CLOSED, ...(await routes())]) {
      asked.length = 0
      const answer = await fetch(`${url}${path}`, { redirect: 'manual' })
      await answer.arrayBuffer()
      const allowed = path === '/join' ? ['isAdmin', 'mayEnter', 'now'] : ['isAdmin', 'mayEnter']
      expect(
        asked.filter((name) => !allowed.includes(name)),
        path,
      ).toEqual([])
      if (CLOSED.includes(path))
        expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 307, '/join'])
    }
  } finally {
    provideApi(undefined)
    await app.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})
