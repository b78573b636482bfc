import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { DeviceView, JobView } from '../../protocol/api.ts'
import type { Lease } from '../../protocol/device.ts'
import { straightLoop } from './counting.ts'
import { connect, type DeviceSocket, hello, until } from './device.ts'
import { createHarness, type Harness, type KindSet, type RunningPool } from './harness.ts'

// Devices that take work and never bring any, beside a host that works: a job is done all the same.

let harness: Harness
let kinds: KindSet
beforeAll(async () => {
  harness = await createHarness('poolparty-stubborn-')
  const here = import.meta.dirname
  kinds = await harness.bundleKinds(join(here, 'counting.ts'), { counting: join(here, 'counting-kernel.ts') })
}, 120_000)
afterAll(() => harness.close())

const sockets: DeviceSocket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect()
})

async function come(pool: RunningPool, onLease: (socket: DeviceSocket, lease: Lease) => void): Promise<void> {
  const socket = await connect(pool.url)
  sockets.push(socket)
  socket.on('lend', ({ leases }) => {
    for (const lease of leases) onLease(socket, lease)
  })
  expect(await hello(socket)).toMatchObject({ type: 'welcome' })
  socket.emit('ask', { leases: 2 })
}

async function hostWorks(pool: RunningPool): Promise<void> {
  await until(async () => {
    const { items } = (await (await pool.call('GET', '/devices')).json()) as { items: DeviceView[] }
    return items.some(({ host, state }) => host && state !== 'away')
  })
}

/** How the job ended, and what it says. */
async function ending(pool: RunningPool, params: object, trust: string) {
  const submitted = await pool.call('POST', '/jobs', { kind: 'counting', params, trust })
  const { id } = (await submitted.json()) as JobView
  const { status, error } = await until(async () => {
    const job = (await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView
    return job.status !== 'queued' && job.status !== 'running' && job
  })
  const result = new Uint8Array(await (await pool.call('GET', `/jobs/${id}/result?format=raw`)).arrayBuffer())
  return { status, error, result }
}

for (const trust of ['normal', 'strict']) {
  test(`[L10] three devices that answer every task with “failed” do not end a job of trust ${trust}: the host computes it`, async () => {
    const pool = await harness.start({ work: true, kinds })
    await hostWorks(pool)
    for (let i = 0; i < 3; i++)
      await come(pool, (socket, { token, from }) => {
        socket.emit('failed', { lease: token, task: from, message: 'RangeError: out of memory' })
        socket.emit('ask', { leases: 2 })
      })
    const ended = await ending(pool, { tasks: 12, ms: 200 }, trust)
    expect(ended).toEqual({ status: 'done', result: straightLoop(12) })
    await pool.stop()
  }, 60_000)

  test(`[L6] a device that tells of progress ten times a second and returns nothing does not stop a job of trust ${trust}`, async () => {
    const pool = await harness.start({ work: true, kinds })
    await hostWorks(pool)
    let told = 0
    await come(pool, (socket, { token, from, to }) => {
      const telling = setInterval(() => {
        told++
        const share = 1 - 1 / (1 + told)
        if (socket.connected) socket.emit('progress', { lease: token, task: told % 2 === 0 ? from : to - 1, share })
        else clearInterval(telling)
      }, 100)
      socket.emit('ask', { leases: 2 })
    })
    const ended = await ending(pool, { tasks: 60, ms: 20 }, trust)
    expect(ended).toEqual({ status: 'done', result: straightLoop(60) })
    expect(told).toBeGreaterThan(0)
    await pool.stop()
  }, 60_000)
}
