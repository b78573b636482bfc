import { io } from 'socket.io-client'
import * as parser from 'socket.io-msgpack-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobView } from '../../protocol/api.ts'
import { metric, until } from './device.ts'
import { type Inside, openInside } from './inside.ts'
import { type RawClient, rawClient } from './raw.ts'

let inside: Inside
beforeAll(async () => {
  inside = await openInside()
}, 60_000)
afterAll(() => inside.close())

const MB = 1024 * 1024
const nsp = '/live'
const watch = (client: RawClient, topics: readonly string[]) => client.send({ type: 2, nsp, data: ['watch', topics] })

test('[G94] pages that read nothing cost a few megabytes each, whatever they ask for, and are cut off', async () => {
  const pool = await inside.harness.start({ kinds: inside.kinds })
  const jobs: string[] = []
  for (let i = 0; i < 8; i++) {
    const params = { tasks: 5, note: 'x'.repeat(900_000) }
    const answer = await pool.call('POST', '/jobs', { kind: 'counting', params })
    jobs.push(`job:${((await answer.json()) as JobView).id}`)
  }
  const before = await metric(pool, 'resident_memory_bytes')
  const readers = await Promise.all([1, 2, 3, 4].map(() => rawClient(pool.url, nsp)))
  // From here on nothing is read from these sockets.
  for (const { ws } of readers) ws.pause()
  for (let i = 0; i < 9; i++)
    for (const reader of readers) {
      watch(reader, jobs)
      watch(reader, [])
    }
  for (const reader of readers) watch(reader, jobs)
  const witness = await rawClient(pool.url, nsp)
  watch(witness, jobs)
  for (let round = 1; round <= 10; round++) {
    for (const job of jobs) await pool.call('PATCH', `/jobs/${job.slice(4)}`, { priority: round % 10 })
    // Somebody who reads still hears of every change, while nobody keeps the others' for them.
    await witness.next(({ data }) => (data as [string, JobView] | undefined)?.[1]?.priority === round % 10)
    expect(await metric(pool, 'unread_bytes')).toBeLessThan(4 * 2 * MB)
  }
  expect((await metric(pool, 'resident_memory_bytes')) - before).toBeLessThan(250 * MB)
  await until(async () => (await metric(pool, 'unread_connections_total')) === 4)
  expect(await metric(pool, 'unread_bytes')).toBeLessThan(2 * MB)
  expect(witness.ws.readyState).toBe(witness.ws.OPEN)
  for (const { ws } of [...readers, witness]) ws.terminate()
  await pool.stop()
}, 120_000)

test('[G95] one address opens so many pages and no more; who closes one may open another', async () => {
  const pool = await inside.start()
  const pages: RawClient[] = []
  for (let i = 0; i < 500; i++) pages.push(await rawClient(pool.url, nsp))
  const options = { parser, transports: ['websocket'], reconnection: false, forceNew: true }
  const late = io(`${pool.url}${nsp}`, options)
  const refused = await new Promise<Error>((resolve) => late.once('connect_error', resolve))
  expect(refused.message).toMatch(/Too many pages/)
  pages[0]?.ws.terminate()
  const connected = new Promise<void>((resolve) => late.once('connect', resolve))
  const again = setInterval(() => late.connect(), 50)
  await connected
  clearInterval(again)
  late.disconnect()
  for (const { ws } of pages) ws.terminate()
  await pool.close()
}, 60_000)
