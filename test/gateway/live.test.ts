import { io, type Socket } from 'socket.io-client'
import * as parser from 'socket.io-msgpack-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobView } from '../../protocol/api.ts'
import type { LiveToPage, PageToLive, PoolNow } from '../../protocol/live.ts'
import { countingDevice, until } from './device.ts'
import { type Inside, openInside } from './inside.ts'

let inside: Inside
beforeAll(async () => {
  inside = await openInside()
}, 60_000)
afterAll(() => inside.close())

type Page = Socket<LiveToPage, PageToLive>
async function page(url: string, headers: Record<string, string> = {}): Promise<Page> {
  const socket: Page = io(`${url}/live`, {
    ...{ parser, transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: headers },
  })
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return socket
}

test('[G50] every topic answers with a snapshot at once, and with changes later', async () => {
  const pool = await inside.start()
  const { id } = (await (
    await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 50 }, trust: 'fast' })
  ).json()) as JobView
  const viewer = await page(pool.url)
  const now: PoolNow[] = []
  const jobs: (readonly JobView[])[] = []
  const job: JobView[] = []
  let boards = 0
  viewer.on('pool', (message) => now.push(message))
  viewer.on('jobs', (message) => jobs.push(message))
  viewer.on('job', (message) => job.push(message))
  viewer.on('leaderboard', () => boards++)
  viewer.emit('watch', ['pool', 'jobs', 'leaderboard', `job:${id}`])
  await until(() => now.length > 0 && jobs.length > 0 && job.length > 0 && boards === 6)
  expect(now[0]).toMatchObject({ name: 'Test pool', devices: 0, trouble: null, showing: { id } })
  expect(job[0]).toMatchObject({ id, status: 'queued', tasksDone: 0 })
  const device = await countingDevice(pool.url, { hello: { name: 'Ada' } })
  await until(() => job.at(-1)?.status === 'done' && now.at(-1)?.devices === 1 && boards > 6)
  expect(job.at(-1)).toMatchObject({ tasksDone: 50 })
  await until(() => jobs.at(-1)?.[0]?.status === 'done')
  device.close()
  await until(() => now.at(-1)?.devices === 0)
  viewer.disconnect()
  await pool.close()
}, 30_000)

test('[G51] only the admin sees devices live, and rubbish is not heard', async () => {
  const pool = await inside.start()
  const login = await fetch(`${pool.url}/api/v1/login`, {
    method: 'POST',
    body: JSON.stringify({ key: pool.adminKey }),
  })
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  const [anyone, admin] = [await page(pool.url), await page(pool.url, { cookie })]
  let seen = 0
  anyone.on('devices', () => seen++)
  const told = new Promise<void>((resolve) => admin.once('devices', () => resolve()))
  for (const viewer of [anyone, admin]) {
    const say = viewer as unknown as { emit(event: string, message: unknown): void }
    say.emit('watch', 'everything')
    say.emit('watch', [{ a: 1 }])
    say.emit('nonsense', 5)
    viewer.emit('watch', ['devices', 'pool'])
  }
  await told
  await new Promise<void>((resolve) => {
    anyone.once('pool', () => resolve())
    anyone.emit('watch', [])
    anyone.emit('watch', ['pool'])
  })
  expect(seen).toBe(0)
  anyone.disconnect()
  admin.disconnect()
  await pool.close()
}, 30_000)

test('[G54] a page that cannot keep up misses changes, not the last state, and nothing piles up for it', async () => {
  const pool = await inside.start()
  const params = { tasks: 5, note: 'x'.repeat(900_000) }
  const submitted = await pool.call('POST', '/jobs', { kind: 'counting', params })
  const { id } = (await submitted.json()) as JobView
  const [quick, slow] = [await page(pool.url), await page(pool.url)]
  const seen: number[] = []
  let last = 0
  for (const viewer of [quick, slow]) viewer.emit('watch', [`job:${id}`])
  quick.on('job', ({ priority }) => {
    last = priority
  })
  await new Promise<void>((resolve) => slow.once('job', () => resolve()))
  slow.on('job', ({ priority }) => seen.push(priority))
  const { ws } = slow.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }
  ws.pause()
  const before = process.memoryUsage().arrayBuffers
  const changes = 20
  for (let i = 1; i <= changes; i++) {
    const priority = i === changes ? 10 : (i % 9) + 1
    await pool.call('PATCH', `/jobs/${id}`, { priority })
    await until(() => last === priority)
  }
  // Less than all changes are waiting anywhere for the page that does not read.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(changes * 900_000)
  ws.resume()
  await until(() => seen.at(-1) === 10)
  expect(seen.length).toBeLessThan(changes)
  quick.disconnect()
  slow.disconnect()
  await pool.close()
}, 40_000)
