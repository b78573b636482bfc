import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CsvParams } from '../../jobs/csv/params.ts'
import type { FileView, JobView } from '../../protocol/api.ts'
import { createAgents } from '../agent/process.ts'
import { until } from '../gateway/device.ts'
import { createHarness, type Harness, type RunningPool } from '../gateway/harness.ts'
import { indexed } from '../jobs/csv/index-of.ts'
import { textOf } from '../jobs/csv/run.ts'

// A file through the whole path, with everything that computes it killed on the way.

const HOUR_MS = 3_600_000
let harness: Harness
let agents: Awaited<ReturnType<typeof createAgents>>
beforeAll(async () => {
  harness = await createHarness('poolparty-csv-')
  agents = await createAgents()
}, 120_000)
afterAll(async () => {
  await agents?.close()
  await harness?.close()
})

/** An hour a row, so that candles of one task are more than its output may hold. */
function prices(rows: number): Uint8Array<ArrayBuffer> {
  const lines = ['Time,Ask,Bid\n']
  for (let i = 0, seed = 1; i < rows; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    const time = new Date(i * HOUR_MS).toISOString().slice(0, 19)
    const odd = i % 9973 === 0 ? 'n/a' : `${1 + (seed >>> 16) / 1e5}`
    lines.push(`${time},${odd},${1 + (seed & 0xffff) / 1e5}\n`)
  }
  return new TextEncoder().encode(lines.join(''))
}

const read = async <T>(response: Response | Promise<Response>) => (await (await response).json()) as T
const jobOf = (pool: RunningPool, id: string) => read<JobView>(pool.call('GET', `/jobs/${id}`))
const resultOf = async (pool: RunningPool, id: string) => (await pool.call('GET', `/jobs/${id}/result`)).text()
const serial = (bytes: Uint8Array, params: unknown) => textOf(bytes, params as CsvParams, indexed(bytes))
async function put({ url, adminKey }: RunningPool, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const headers = { authorization: `Bearer ${adminKey}` }
  const sent = await fetch(`${url}/api/v1/files?name=prices.csv`, { method: 'PUT', headers, body })
  return (await read<FileView>(sent)).id
}
async function submit(pool: RunningPool, params: object): Promise<JobView> {
  return read<JobView>(pool.call('POST', '/jobs', { kind: 'csv', params, trust: 'fast' }))
}
async function done(pool: RunningPool, id: string): Promise<void> {
  const { status, error } = await until(async () => {
    const job = await jobOf(pool, id)
    return ['done', 'failed'].includes(job.status) && job
  })
  expect(error ?? status).toBe('done')
}

test('[K17] the agent and the coordinator are killed in the middle: the same bits; what did not fit is read again here', async () => {
  const bytes = prices(250_000)
  const pool = await harness.start()
  const file = await put(pool, bytes)
  const job = await submit(pool, { file })
  expect(job.taskCount).toBeGreaterThan(8)
  const first = agents.start([pool.url, '--name', 'Pi', '--threads', '1', '--duty', '5'])
  await until(async () => (await jobOf(pool, job.id)).tasksDone > 0)
  first.child.kill('SIGKILL')
  await first.ended
  await pool.kill()

  const again = await harness.start({ dataDir: pool.dataDir, port: pool.port })
  const before = await jobOf(again, job.id)
  expect(before.tasksDone).toBeGreaterThan(0)
  expect(before.tasksDone).toBeLessThan(job.taskCount)
  // By an address that does not say that it is this machine: its input is sent to it.
  const elsewhere = again.url.replace('127.0.0.1', '0.0.0.0')
  const agent = agents.start([elsewhere, '--name', 'Other', '--threads', '2'])
  await done(again, job.id)
  expect(await resultOf(again, job.id)).toBe(await serial(bytes, job.params))

  const less = prices(60_000)
  const candles = await submit(again, { file: await put(again, less), groupBy: 'hour' })
  await done(again, candles.id)
  const raw = await (await again.call('GET', `/jobs/${candles.id}/result?format=raw`)).arrayBuffer()
  // One byte behind its length: the output says that it did not fit.
  expect(new DataView(raw).getUint32(0, true)).toBe(1)
  expect(await resultOf(again, candles.id)).toBe(await serial(less, candles.params))
  agent.child.kill('SIGTERM')
  await agent.ended
  await again.stop()
}, 240_000)
