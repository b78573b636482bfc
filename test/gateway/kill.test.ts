import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobView } from '../../protocol/api.ts'
import { straightLoop } from './counting.ts'
import { connect, countingDevice, hello, sendResult, until } from './device.ts'
import { createHarness, type Harness, type KindSet, type RunningPool } from './harness.ts'

let harness: Harness
let kinds: KindSet
beforeAll(async () => {
  harness = await createHarness('poolparty-kill-')
  const here = import.meta.dirname
  kinds = await harness.bundleKinds(join(here, 'counting.ts'), { counting: join(here, 'counting-kernel.ts') })
}, 60_000)
afterAll(() => harness.close())

const job = async (pool: RunningPool, id: string) => (await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView
const submit = async (pool: RunningPool, tasks: number) => {
  const answer = await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks }, trust: 'fast' })
  return ((await answer.json()) as JobView).id
}

test('[G3] kill -9 in the middle of a job: nothing acknowledged is lost, and the result is the same bytes', async () => {
  const tasks = 1000
  let pool = await harness.start({ kinds })
  const { dataDir, port } = pool
  const id = await submit(pool, tasks)
  const acknowledged = new Set<number>()
  let identity: { deviceToken: string; volunteerToken: string } | null = null
  for (const share of [0.3, 0.6]) {
    const device = await countingDevice(pool.url, { chunk: 10, ...(identity ? { hello: identity } : {}) })
    identity = { deviceToken: device.welcome.deviceToken, volunteerToken: device.welcome.volunteerToken }
    await until(() => acknowledged.size + device.kept.size >= tasks * share)
    await pool.kill()
    device.close()
    for (const task of device.kept) acknowledged.add(task)
    pool = await harness.start({ kinds, dataDir, port })
    expect((await job(pool, id)).tasksDone).toBeGreaterThanOrEqual(acknowledged.size)
    const decided = (await (await pool.call('GET', `/jobs/${id}/decided`)).json()) as {
      items: { from: number; to: number }[]
    }
    const known = new Set(
      decided.items.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)),
    )
    expect([...acknowledged].filter((task) => !known.has(task))).toEqual([])
  }
  const last = await countingDevice(pool.url, identity ? { hello: identity } : {})
  expect(last.welcome.deviceToken).toBe(identity?.deviceToken)
  await until(async () => (await job(pool, id)).status === 'done')
  const result = await pool.call('GET', `/jobs/${id}/result`)
  expect(new Uint8Array(await result.arrayBuffer())).toEqual(straightLoop(tasks))
  expect((await job(pool, id)).credit).toBe(tasks)
  last.close()
  await pool.stop()
}, 60_000)

test('[G4] what a device finished while the coordinator was away is taken when both are back', async () => {
  let pool = await harness.start({ kinds })
  const id = await submit(pool, 1)
  const before = await connect(pool.url)
  const welcome = await hello(before)
  if (welcome.type !== 'welcome') throw new Error(welcome.message)
  const lent = new Promise<string>((resolve) => before.once('lend', ({ leases }) => resolve(leases[0]!.token)))
  before.emit('ask', { leases: 1 })
  const token = await lent
  await pool.kill()
  before.disconnect()
  pool = await harness.start({ kinds, dataDir: pool.dataDir, port: pool.port })
  const after = await connect(pool.url)
  const back = await hello(after, { deviceToken: welcome.deviceToken, held: [token, 'forged.token'] })
  expect(back).toMatchObject({ type: 'welcome', held: [token], device: { id: welcome.device.id } })
  expect(await sendResult(after, token, 0, [straightLoop(1)])).toMatchObject({
    runs: [{ verdict: { type: 'accepted' } }],
  })
  await until(async () => (await job(pool, id)).status === 'done')
  after.disconnect()
  await pool.stop()
}, 60_000)

test('[G6] with a kernel built anew a job in flight goes on; results of the old one are outdated and harm nobody', async () => {
  let pool = await harness.start({ kinds })
  const id = await submit(pool, 20)
  const before = await connect(pool.url)
  const welcome = await hello(before)
  if (welcome.type !== 'welcome') throw new Error(welcome.message)
  const lent = new Promise<{ token: string; from: number }>((resolve) =>
    before.once('lend', ({ leases }) => resolve(leases[0]!)),
  )
  before.emit('ask', { leases: 1 })
  const lease = await lent
  const output = straightLoop(lease.from + 1).slice(-8)
  expect(await sendResult(before, lease.token, lease.from, [output])).toMatchObject({
    runs: [{ verdict: { type: 'accepted' } }],
  })
  await pool.stop()
  before.disconnect()
  const here = import.meta.dirname
  const anew = join(harness.folder, 'anew.ts')
  await writeFile(anew, `export * from '${join(here, 'counting-kernel.ts')}'\nexport const built = 'anew'\n`)
  const newer = await harness.bundleKinds(join(here, 'counting.ts'), { counting: anew })
  pool = await harness.start({ kinds: newer, dataDir: pool.dataDir, port: pool.port })
  expect(await job(pool, id)).toMatchObject({ status: 'running', tasksDone: 1 })
  const after = await connect(pool.url)
  const { deviceToken } = welcome
  expect(await hello(after, { deviceToken, held: [lease.token] })).toMatchObject({ type: 'welcome', held: [] })
  expect(await sendResult(after, lease.token, lease.from, [output])).toMatchObject({
    runs: [{ verdict: { type: 'rejected', reason: 'outdated' } }],
  })
  after.disconnect()
  const why = (await (await pool.call('GET', `/explain/job/${id}`)).json()) as { because: string[] }
  expect(why.because.join(' ')).toMatch(/kernel was built anew/)
  const device = await countingDevice(pool.url, { hello: { deviceToken } })
  await until(async () => (await job(pool, id)).status === 'done')
  const result = await pool.call('GET', `/jobs/${id}/result`)
  expect(new Uint8Array(await result.arrayBuffer())).toEqual(straightLoop(20))
  device.close()
  await pool.stop()
}, 60_000)

test('[G5] SIGTERM ends the coordinator cleanly, and the data folder is free again', async () => {
  const pool = await harness.start({ kinds })
  await expect(harness.start({ kinds, dataDir: pool.dataDir })).rejects.toThrow(/in use by another pool/)
  await pool.stop()
  const again = await harness.start({ kinds, dataDir: pool.dataDir })
  await again.stop()
}, 60_000)
