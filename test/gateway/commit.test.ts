import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobView, Problem } from '../../protocol/api.ts'
import type { Lease } from '../../protocol/device.ts'
import type { PoolNow } from '../../protocol/live.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { counted, straightLoop } from './counting.ts'
import { connect, countingDevice, hello, sendResult, until } from './device.ts'
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

/** A device with leases on hand that sends nothing by itself. */
async function holding(pool: InsidePool, leases: number) {
  const socket = await connect(pool.url)
  await hello(socket, { threads: leases })
  const held: Lease[] = []
  socket.on('lend', (message) => held.push(...message.leases))
  socket.emit('ask', { leases })
  await until(() => held.length > 0)
  return { socket, held }
}

test('[G40] nothing is acknowledged before it is durable, and what arrives during a commit is the next one', async () => {
  const faulty = faultyStore(createMemoryStore())
  const pool = await inside.start({}, faulty.store)
  const id = await submit(pool, 400)
  const { socket, held } = await holding(pool, 2)
  faulty.hold()
  const before = faulty.batches.length
  let acknowledged = 0
  const [lease] = held
  const tasks = Array.from({ length: lease!.to - lease!.from }, (_, i) => lease!.from + i)
  const sending = tasks.map((task) =>
    sendResult(socket, lease!.token, task, [counted(task)]).then(() => {
      acknowledged++
    }),
  )
  // A message that comes back proves that everything sent before it was read.
  await until(async () => {
    await (socket as never as { emitWithAck(e: string, m: unknown): Promise<unknown> }).emitWithAck('result', {})
    return true
  })
  expect(acknowledged).toBe(0)
  expect(((await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView).status).toBe('running')
  faulty.letGo()
  await Promise.all(sending)
  expect(acknowledged).toBe(tasks.length)
  expect(faulty.batches.length - before).toBeLessThanOrEqual(3)
  socket.disconnect()
  await pool.close()
}, 30_000)

test('[G41] with a full disk pages stay up and say why, devices keep their results, and all is taken afterwards', async () => {
  const faulty = faultyStore(createMemoryStore())
  const pool = await inside.start({}, faulty.store)
  const id = await submit(pool, 30)
  const { socket, held } = await holding(pool, 1)
  faulty.fill()
  const [lease] = held
  const outputs = Array.from({ length: lease!.to - lease!.from }, (_, i) => counted(lease!.from + i))
  const refused = await sendResult(socket, lease!.token, lease!.from, outputs)
  expect(refused).toMatchObject({ type: 'busy', message: expect.stringMatching(/disk is full/) })
  expect(((await pool.api.now()) as PoolNow).trouble).toMatch(/disk is full/)
  expect((await fetch(`${pool.url}/healthz`)).status).toBe(200)
  expect(((await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView).tasksDone).toBe(0)
  const no = await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 1 } })
  expect(no.status).toBe(503)
  expect(((await no.json()) as Problem).detail).toMatch(/disk is full/)
  const late = await connect(pool.url)
  expect(await hello(late)).toMatchObject({ type: 'refused', reason: 'busy', retryAfterMs: expect.any(Number) })
  faulty.free()
  await until(() => pool.api.now().then(({ trouble }) => trouble === null))
  const kept = await until(async () => {
    const answer = await sendResult(socket, lease!.token, lease!.from, outputs)
    return answer.type === 'kept' && answer
  })
  expect(kept.runs.every(({ verdict }) => verdict.type === 'accepted')).toBe(true)
  expect(await hello(late)).toMatchObject({ type: 'welcome' })
  late.disconnect()
  socket.disconnect()
  const device = await countingDevice(pool.url)
  await until(async () => ((await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView).status === 'done')
  const result = await pool.call('GET', `/jobs/${id}/result`)
  expect(new Uint8Array(await result.arrayBuffer())).toEqual(straightLoop(30))
  device.close()
  await pool.close()
}, 30_000)

test('[G42] a device that asked before a failed commit is lent to after it, without asking again', async () => {
  const faulty = faultyStore(createMemoryStore())
  const pool = await inside.start({}, faulty.store)
  const device = await countingDevice(pool.url)
  const doomed = await submit(pool, 5)
  await until(async () => ((await (await pool.call('GET', `/jobs/${doomed}`)).json()) as JobView).status === 'done')
  faulty.fill()
  expect((await pool.call('DELETE', `/jobs/${doomed}`)).status).toBe(204)
  await pool.call('PATCH', `/devices/${device.welcome.device.id}`, { paused: true })
  faulty.free()
  await until(() => pool.api.now().then(({ trouble }) => trouble === null))
  const id = await until(() => submit(pool, 5))
  await until(async () => ((await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView).status === 'done')
  device.close()
  await pool.close()
}, 30_000)
