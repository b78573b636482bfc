import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobView } from '../../protocol/api.ts'
import { BLOCK_BYTES, block } from './blocks.ts'
import { type CountingDevice, countingDevice, sendResult, until } from './device.ts'
import { createHarness, type Harness, type KindSet, type RunningPool } from './harness.ts'

let harness: Harness
let kinds: KindSet
beforeAll(async () => {
  harness = await createHarness('poolparty-refused-')
  const here = import.meta.dirname
  kinds = await harness.bundleKinds(join(here, 'blocks.ts'), { blocks: join(here, 'blocks-kernel.ts') })
}, 60_000)
afterAll(() => harness.close())

const TASKS = 16
const JOB_BYTES = TASKS * BLOCK_BYTES
const LIARS = 12

const job = async (pool: RunningPool, id: string) => (await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile())
      bytes += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        // It went meanwhile.
        () => 0,
      )
  return bytes
}

/** Another volunteer, who tells its own lie about every task and says it again. */
async function liar(pool: RunningPool, salt: number): Promise<CountingDevice> {
  const device = await countingDevice(pool.url, { chunk: 1, leases: 4, output: (index) => block(index, salt) })
  device.socket.on('lend', ({ leases }) => {
    for (const { token, from } of leases) void sendResult(device.socket, token, from, [block(from, -salt)])
  })
  return device
}

test('[S57] however many tell different lies, the data folder stays small, and the job ends with the right bytes', async () => {
  let pool = await harness.start({ kinds })
  const answer = await pool.call('POST', '/jobs', { kind: 'blocks', params: { tasks: TASKS }, trust: 'normal' })
  const { id } = (await answer.json()) as JobView
  const before = await folderBytes(pool.dataDir)
  const liars = await Promise.all(Array.from({ length: LIARS }, (_, i) => liar(pool, i + 1)))
  // Nobody agrees with anybody, so that everybody is asked about everything.
  await until(() => liars.every(({ kept }) => kept.size === TASKS))
  // What others say is digests: two outputs a task at the most, and what the database writes ahead.
  expect((await folderBytes(pool.dataDir)) - before).toBeLessThan(2 * JOB_BYTES + 8 * 1024 * 1024)
  expect(await job(pool, id)).toMatchObject({ status: 'running', tasksDone: 0, pendingCredit: LIARS * TASKS })
  await pool.kill()
  pool = await harness.start({ kinds, dataDir: pool.dataDir, port: pool.port })
  const honest = await Promise.all([0, 1].map(() => countingDevice(pool.url, { chunk: 1, output: block })))
  await until(async () => (await job(pool, id)).status === 'done')
  const result = new Uint8Array(await (await pool.call('GET', `/jobs/${id}/result?format=raw`)).arrayBuffer())
  expect(result.length).toBe(JOB_BYTES)
  for (let task = 0; task < TASKS; task++)
    expect(Buffer.compare(result.subarray(task * BLOCK_BYTES, (task + 1) * BLOCK_BYTES), block(task))).toBe(0)
  for (const { socket } of [...liars, ...honest]) socket.disconnect()
  await until(async () => (await folderBytes(join(pool.dataDir, 'outputs'))) === JOB_BYTES)
  expect(await job(pool, id)).toMatchObject({ outputBytes: JOB_BYTES, tasksDone: TASKS })
  await pool.stop()
}, 120_000)
