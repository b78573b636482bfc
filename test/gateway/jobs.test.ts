import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../../coordinator/log.ts'
import { startRetention } from '../../coordinator/running-time.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { straightLoop } from './counting.ts'
import { connect, countingDevice, hello, sendResult, until } from './device.ts'
import { type Inside, openInside } from './inside.ts'

let inside: Inside
beforeAll(async () => {
  inside = await openInside()
}, 60_000)
afterAll(() => inside.close())

test('[G1] the result of a job equals a straight loop, for any number of devices', async () => {
  const pool = await inside.start()
  const devices = await Promise.all([
    countingDevice(pool.url),
    countingDevice(pool.url, { chunk: 7 }),
    countingDevice(pool.url, { chunk: 1, leases: 1 }),
  ])
  const submitted = await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 5000 }, trust: 'fast' })
  expect(submitted.status).toBe(201)
  const { id } = (await submitted.json()) as { id: string }
  expect(submitted.headers.get('location')).toBe(`/api/v1/jobs/${id}`)
  await until(
    async () => ((await (await pool.call('GET', `/jobs/${id}`)).json()) as { status: string }).status === 'done',
  )
  const result = await pool.call('GET', `/jobs/${id}/result?format=raw`)
  expect(new Uint8Array(await result.arrayBuffer())).toEqual(straightLoop(5000))
  expect(result.headers.get('content-length')).toBe('40000')
  const { items } = (await (await pool.call('GET', `/jobs/${id}/contributions`)).json()) as {
    items: { tasks: number; share: number }[]
  }
  expect(items.reduce((sum, item) => sum + item.tasks, 0)).toBe(5000)
  expect(items.reduce((sum, item) => sum + item.share, 0)).toBeCloseTo(1)
  for (const device of devices) device.close()
  await pool.close()
}, 30_000)

test('[G18] who asks to wait hears of the end the moment it is kept, and of a job under way in time', async () => {
  const pool = await inside.start()
  const submit = async (tasks: number) =>
    (
      (await (await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks }, trust: 'fast' })).json()) as {
        id: string
      }
    ).id
  const look = async (id: string, wait: string) => {
    const answer = await pool.call('GET', `/jobs/${id}?wait=${wait}`)
    return { code: answer.status, ...((await answer.json()) as { status: unknown; tasksDone: number }) }
  }
  const id = await submit(3000)
  expect(await look(id, '1')).toMatchObject({ code: 200, status: 'queued', tasksDone: 0 })
  const waiting = look(id, '60')
  const device = await countingDevice(pool.url)
  expect(await waiting).toMatchObject({ code: 200, status: 'done', tasksDone: 3000 })
  expect(await look(id, '60')).toMatchObject({ status: 'done' })
  device.close()
  const [cancelled, deleted] = [await submit(5), await submit(5)]
  const both = [look(cancelled, '60'), look(deleted, '60')]
  await pool.call('POST', `/jobs/${cancelled}/cancel`)
  await pool.call('DELETE', `/jobs/${deleted}`)
  // Deleting cancels first: either may be what the second hears.
  expect((await Promise.all(both)).map(({ status }) => status)).toEqual([
    'cancelled',
    expect.toBeOneOf(['cancelled', 404]),
  ])
  for (const wait of ['61', '-1', '1.5', 'x', '']) expect((await look(id, wait)).code).toBe(422)
  await pool.close()
}, 30_000)

test('[G2] a result is acknowledged once it is kept, and counts once however often it is sent', async () => {
  const pool = await inside.start()
  const socket = await connect(pool.url)
  await hello(socket)
  await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 4 }, trust: 'fast' })
  const lent = new Promise<{ token: string; from: number; to: number }>((resolve) =>
    socket.once('lend', ({ leases }) => resolve(leases[0]!)),
  )
  socket.emit('ask', { leases: 1 })
  const lease = await lent
  const one = straightLoop(lease.from + 1).slice(-8)
  const first = await sendResult(socket, lease.token, lease.from, [one])
  expect(first).toMatchObject({ type: 'kept', runs: [{ verdict: { type: 'accepted' } }] })
  const again = await sendResult(socket, lease.token, lease.from, [one])
  expect(again).toMatchObject({ type: 'kept', runs: [{ verdict: { type: 'rejected', reason: 'duplicate' } }] })
  const board = (await (await pool.call('GET', '/leaderboard')).json()) as { items: { credit: number }[] }
  expect(board.items[0]?.credit).toBe(1)
  socket.disconnect()
  await pool.close()
}, 30_000)

test('[G43] outputs older than the pool keeps them are removed; the job and its credit stay', async () => {
  const store = createMemoryStore()
  const pool = await inside.start({}, store)
  const device = await countingDevice(pool.url)
  const { id } = (await (
    await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 10 }, trust: 'fast' })
  ).json()) as { id: string }
  await until(async () => (await pool.call('GET', `/jobs/${id}/result`)).status === 200)
  const look = (ranMs: number) =>
    startRetention({ store, days: 1, running: { ms: () => ranMs }, log: createLog('silent') }).close()
  look(5)
  look(5 + 86_400_000 - 1)
  expect((await pool.call('GET', `/jobs/${id}/result`)).status).toBe(200)
  look(5 + 86_400_000)
  const removed = await until(async () => {
    const answer = await pool.call('GET', `/jobs/${id}/result`)
    return answer.status === 410 && answer
  })
  expect(await removed.json()).toMatchObject({
    detail: expect.stringMatching(/no longer kept.*POOL_KEEP_DAYS.*Run it again/),
  })
  expect(await (await pool.call('GET', `/jobs/${id}`)).json()).toMatchObject({ status: 'done', credit: 10 })
  device.close()
  await pool.close()
}, 30_000)
