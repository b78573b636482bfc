import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createLog } from '../../coordinator/log.ts'
import { openRunningTime } from '../../coordinator/running-time.ts'
import type { JobView } from '../../protocol/api.ts'
import { scratchFolder } from '../store/scratch.ts'
import { countingDevice, until } from './device.ts'
import { createHarness, type Harness, type KindSet, type RunningPool } from './harness.ts'

let harness: Harness
let kinds: KindSet
beforeAll(async () => {
  harness = await createHarness('poolparty-clock-')
  const here = import.meta.dirname
  kinds = await harness.bundleKinds(join(here, 'counting.ts'), { counting: join(here, 'counting-kernel.ts') })
}, 60_000)
afterAll(() => harness.close())

const YEAR_MS = 365 * 86_400_000
const TUS = { 'tus-resumable': '1.0.0' }

async function compute(pool: RunningPool): Promise<string> {
  const device = await countingDevice(pool.url)
  const answer = await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 10 }, trust: 'fast' })
  const { id } = (await answer.json()) as JobView
  await until(async () => (await pool.call('GET', `/jobs/${id}/result`)).status === 200)
  device.close()
  return id
}

for (const [name, clockOffsetMs] of [
  ['begins in the past', -YEAR_MS],
  ['leaps ahead and back', YEAR_MS],
] as const)
  test(`[G43] a clock that ${name} deletes neither results nor uploads that are minutes old`, async () => {
    const flags = ['--keep-days', '1']
    let pool = await harness.start({ kinds, flags, clockOffsetMs })
    const { dataDir, adminKey } = pool
    const id = await compute(pool)
    const authorization = `Bearer ${adminKey}`
    const headers = { ...TUS, authorization, 'upload-length': '100' }
    const upload = await fetch(`${pool.url}/api/v1/uploads`, { method: 'POST', headers })
    const place = upload.headers.get('location')
    for (const offset of [0, 2 * YEAR_MS]) {
      await pool.stop()
      pool = await harness.start({ kinds, flags, dataDir, clockOffsetMs: offset })
      // Retention looks at the start, before the store takes what is computed now.
      await compute(pool)
      expect((await pool.call('GET', `/jobs/${id}/result`)).status).toBe(200)
      const head = await fetch(`${pool.url}${place}`, { method: 'HEAD', headers: { ...TUS, authorization } })
      expect(head.status).toBe(200)
    }
    await pool.stop()
  }, 60_000)

test('[G43] running time adds up over starts, and what a kill takes away was never counted', async () => {
  const dataDir = await scratchFolder()
  let monotonicMs = 7_000_000
  const open = () => openRunningTime({ dataDir, log: createLog('silent') }, () => monotonicMs)
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const first = await open()
  monotonicMs += 5_000
  expect(first.ms()).toBe(5_000)
  await first.close()
  monotonicMs = 3
  const killed = await open()
  monotonicMs += 600_000
  vi.advanceTimersByTime(600_000)
  await until(async () => (await readFile(join(dataDir, 'running-time'), 'utf8')) === '605000\n')
  monotonicMs += 500_000
  expect(killed.ms()).toBe(1_105_000)
  vi.useRealTimers()
  monotonicMs = 0
  const after = await open()
  expect(after.ms()).toBe(605_000)
  await after.close()
  await writeFile(join(dataDir, 'running-time'), '\0\0\0')
  const damaged = await open()
  expect(damaged.ms()).toBe(0)
  await damaged.close()
})
