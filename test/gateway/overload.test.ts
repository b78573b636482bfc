import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobView, Problem } from '../../protocol/api.ts'
import type { Lease } from '../../protocol/device.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { counted, straightLoop } from './counting.ts'
import { connect, countingDevice, hello, metric, sendResult, until } from './device.ts'
import { faultyStore } from './faulty-store.ts'
import { type Inside, type InsidePool, openInside } from './inside.ts'

let inside: Inside
beforeAll(async () => {
  inside = await openInside()
}, 60_000)
afterAll(() => inside.close())

const submit = async (pool: InsidePool, tasks: number) => {
  const answer = await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks }, trust: 'fast' })
  return ((await answer.json()) as JobView).id
}

/** A device with a lease on hand that sends nothing by itself. */
async function holding(pool: InsidePool) {
  const socket = await connect(pool.url)
  await hello(socket)
  const lease = new Promise<Lease>((resolve) => socket.once('lend', ({ leases }) => resolve(leases[0]!)))
  socket.emit('ask', { leases: 1 })
  return { socket, lease: await lease }
}
test('[G91] progress sent while a commit lasts waits once a lease', async () => {
  const faulty = faultyStore(createMemoryStore())
  const pool = await inside.start({}, faulty.store)
  await submit(pool, 40)
  const [worker, talker] = [await holding(pool), await holding(pool)]
  faulty.hold()
  const { from, token } = worker.lease
  const send = () => sendResult(worker.socket, token, from, [counted(from)])
  const sent = [send()]
  await until(async () => faulty.held() && (await metric(pool, 'held_result_bytes')) > 0)
  // A thousand come with the next commit, the rest waits.
  for (let i = 0; i < 1500; i++) sent.push(send())
  await until(async () => (await metric(pool, 'queued_events')) >= 500)
  for (let i = 0; i < 1500; i++)
    talker.socket.emit('progress', { lease: talker.lease.token, task: talker.lease.from, share: i / 1500 })
  await (talker.socket as never as { emitWithAck(e: string, m: unknown): Promise<unknown> }).emitWithAck('result', {})
  // The results, the lease, and a tick.
  expect(await metric(pool, 'queued_events')).toBeLessThanOrEqual(500 + 2)
  faulty.letGo()
  expect((await Promise.all(sent)).every(({ type }) => type === 'kept')).toBe(true)
  for (const { socket } of [worker, talker]) socket.disconnect()
  await pool.close()
}, 60_000)

test('[G92] when commits stand still, healthz, pages, scripts and devices are told, until they go on', async () => {
  const faulty = faultyStore(createMemoryStore())
  const pool = await inside.start({}, faulty.store)
  const id = await submit(pool, 10)
  const device = await holding(pool)
  faulty.hold()
  const { from, token } = device.lease
  device.socket.emit('result', { lease: token, from, outputs: [counted(from)], computeMs: 1 }, () => {})
  const asked = pool.call('PATCH', `/jobs/${id}`, { priority: 5 })
  await until(async () => (await fetch(`${pool.url}/healthz`)).status === 503)
  expect(await (await fetch(`${pool.url}/healthz`)).text()).toMatch(/has not answered/)
  expect((await pool.api.now()).trouble).toMatch(/has not answered/)
  expect(await metric(pool, 'up')).toBe(0)
  const no = await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 1 } })
  expect(no.status).toBe(503)
  expect(((await no.json()) as Problem).detail).toMatch(/has not answered/)
  expect((await asked).status).toBe(503)
  const again = await sendResult(device.socket, token, from, [counted(from)])
  expect(again).toMatchObject({ type: 'busy', message: expect.stringMatching(/has not answered/) })
  // What is not acknowledged cannot be sent again: the device comes back and says what it still holds.
  const told = new Promise<string>((resolve) => device.socket.on('tell', ({ text }) => resolve(text)))
  const gone = new Promise<void>((resolve) => device.socket.once('disconnect', () => resolve()))
  device.socket.emit('handBack', { lease: token, from })
  expect(await told).toMatch(/has not answered/)
  await gone
  const late = await connect(pool.url)
  expect(await hello(late)).toMatchObject({ type: 'refused', message: expect.stringMatching(/has not answered/) })
  late.disconnect()
  faulty.letGo()
  await until(async () => (await fetch(`${pool.url}/healthz`)).status === 200)
  expect((await pool.api.now()).trouble).toBeNull()
  await pool.close()
}, 60_000)

test('[G93] whatever fails after a commit, the pool is made anew and commits go on', async () => {
  const store = createMemoryStore()
  let planted = false
  const pool = await inside.start(
    {},
    {
      ...store,
      async commit(batch) {
        await store.commit(batch)
        if (planted) return
        if (!batch.changes.some(({ type }) => type === 'resultKept')) return
        planted = true
        // Something that whoever looks through the changes afterwards falls over.
        ;(batch.changes as unknown[]).push(null)
      },
    },
  )
  const id = await submit(pool, 60)
  const device = await countingDevice(pool.url)
  await until(async () => ((await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView).status === 'done')
  expect(planted).toBe(true)
  const result = await pool.call('GET', `/jobs/${id}/result`)
  expect(new Uint8Array(await result.arrayBuffer())).toEqual(straightLoop(60))
  expect(((await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView).credit).toBe(60)
  expect(await metric(pool, 'failed_commits_total')).toBe(1)
  expect((await pool.api.now()).trouble).toBeNull()
  device.close()
  await pool.close()
}, 60_000)
