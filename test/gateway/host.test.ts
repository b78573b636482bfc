import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeviceView, JobView } from '../../protocol/api.ts'
import { connect, hello, until } from './device.ts'
import { createHarness, type Harness, type RunningPool } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await createHarness('poolparty-host-')
}, 120_000)
afterAll(() => harness.close())

const VIEW = {
  formula: 'julia',
  center: [0, 0],
  c: [-0.7, 0.27015],
  span: 3,
  width: 200,
  height: 120,
  maxIterations: 99,
}

const read = async <T>(pool: RunningPool, path: string) => (await (await pool.call('GET', path)).json()) as T
const devices = async (pool: RunningPool) => (await read<{ items: DeviceView[] }>(pool, '/devices')).items
const jobs = async (pool: RunningPool) => (await read<{ items: JobView[] }>(pool, '/jobs')).items
const agents = (pool: RunningPool) =>
  execFileSync('ps', ['-eo', 'pid,args'])
    .toString()
    .split('\n')
    .filter((line) => line.includes('agent.mjs') && line.includes(pool.dataDir))

test('[G70] the host computes, leaves, comes back, remembers that, and its agent ends with it', async () => {
  const pool = await harness.start({ work: true })
  await until(async () => (await devices(pool)).some(({ host, state }) => host && state !== 'away'))
  const submitted = await pool.call('POST', '/jobs', { kind: 'fractal', params: VIEW, devices: 'host' })
  const { id } = (await submitted.json()) as JobView
  await until(async () => (await read<JobView>(pool, `/jobs/${id}`)).status === 'done')
  expect(await (await pool.call('PATCH', '/host', { working: false })).json()).toMatchObject({ working: false })
  await until(async () => (await devices(pool)).every(({ state }) => state === 'away'))
  expect(agents(pool)).toEqual([])
  await pool.call('PATCH', '/host', { working: true })
  await until(async () => (await devices(pool)).some(({ state }) => state !== 'away'))
  expect(agents(pool)).toHaveLength(1)
  await pool.kill()
  await until(() => agents(pool).length === 0)
  const again = await harness.start({ work: true, dataDir: pool.dataDir, port: pool.port })
  await until(async () => (await devices(again)).some(({ host, state }) => host && state !== 'away'))
  expect((await devices(again)).filter(({ host }) => host)).toHaveLength(1)
  await again.call('PATCH', '/host', { working: false })
  await again.stop()
  const rested = await harness.start({ work: true, dataDir: pool.dataDir })
  expect(await read(rested, '/host')).toMatchObject({ working: false })
  await rested.stop()
}, 90_000)

test('[G71] a picture is computed at the first start and whenever somebody presses Start with nothing queued', async () => {
  const pool = await harness.start({ sample: true })
  const [first, ...others] = await jobs(pool)
  expect(others).toEqual([])
  expect(first?.status).toBe('queued')
  const come = async (deviceToken?: string) => {
    const socket = await connect(pool.url)
    const welcome = await hello(socket, { ...(deviceToken ? { deviceToken } : {}), name: 'Ada' })
    if (welcome.type !== 'welcome') throw new Error(welcome.message)
    return { socket, token: welcome.deviceToken }
  }
  const one = await come()
  expect(await jobs(pool)).toHaveLength(1)
  await pool.call('POST', `/jobs/${first?.id}/cancel`)
  // It only lost its connection: nobody pressed Start.
  one.socket.disconnect()
  await until(async () => (await devices(pool)).every(({ state }) => state === 'away'))
  const back = await come(one.token)
  expect(await jobs(pool)).toHaveLength(1)
  back.socket.emit('bye')
  await until(() => !back.socket.connected)
  const started = await come(one.token)
  const [second] = await until(async () => {
    const all = await jobs(pool)
    return all.length === 2 && all
  })
  expect(second).toMatchObject({ priority: -10 })
  expect(second?.title).not.toBe(first?.title)
  started.socket.disconnect()
  await pool.stop()
}, 60_000)
