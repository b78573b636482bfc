import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as csvKernel from '../../jobs/csv/kernel.ts'
import type { TaskState } from '../../jobs/csv/output.ts'
import { decodeState, encodeState, TOO_LARGE_OUTPUT } from '../../jobs/csv/output.ts'
import type { ContributionView, FileView, JobView } from '../../protocol/api.ts'
import type { Lease } from '../../protocol/device.ts'
import { completed, indexed } from '../jobs/csv/index-of.ts'
import { prices } from '../jobs/csv/prices.ts'
import { loadKernel } from '../jobs/kernel.ts'
import { connect, type DeviceSocket, hello, sendResult, until } from './device.ts'
import { createHarness, type Harness, type RunningPool } from './harness.ts'

// What devices may send as the output of a csv task, held against a running pool.

const BYTES = Buffer.from(prices(2000))
const REQUEST = { statistics: 'all', groupBy: 'hour' }
let harness: Harness
let pool: RunningPool
let honest: Uint8Array

beforeAll(async () => {
  harness = await createHarness('poolparty-csv-')
  pool = await harness.start()
  const { kernel } = await loadKernel<typeof csvKernel>('csv')
  const index = indexed(BYTES)
  const prepared = await kernel.prepare(completed(REQUEST, index))
  honest = kernel.run(prepared, 0, () => undefined, BYTES.subarray(index.dataStart))
}, 120_000)
afterAll(() => harness?.close())

const read = async <T>(response: Promise<Response>) => (await (await response).json()) as T

async function submit(): Promise<string> {
  const address = `${pool.url}/api/v1/files?name=prices.csv`
  const headers = { authorization: `Bearer ${pool.adminKey}` }
  const { id } = await read<FileView>(fetch(address, { method: 'PUT', headers, body: BYTES }))
  const job = { kind: 'csv', params: { file: id, ...REQUEST }, trust: 'fast' }
  return (await read<JobView>(pool.call('POST', '/jobs', job))).id
}

async function device(): Promise<{ socket: DeviceSocket; lent: () => Promise<Lease> }> {
  const socket = await connect(pool.url)
  const leases: Lease[] = []
  socket.on('lend', (lent) => leases.push(...lent.leases))
  await hello(socket)
  const lent = () => {
    socket.emit('ask', { leases: 1 })
    return until(() => leases.shift())
  }
  return { socket, lent }
}

async function downloads(id: string): Promise<void> {
  await until(async () => (await read<JobView>(pool.call('GET', `/jobs/${id}`))).status === 'done')
  for (const format of ['result', 'csv', 'groups', 'raw']) {
    const response = await pool.call('GET', `/jobs/${id}/result?format=${format}`)
    expect(response.status, format).toBe(200)
    expect((await response.text()).length, format).toBeGreaterThan(4)
  }
}

test('[K10] what no reader of the slice could have sent is rejected by the running pool, and the result is there', async () => {
  const id = await submit()
  const state = decodeState(honest)
  const far = 10n ** 30n
  const lies: readonly TaskState[] = [
    { ...state, time: { ...state.time!, lowest: far } },
    { ...state, groups: state.groups.map((group, at) => (at === 0 ? { ...group, id: 2 ** 52 } : group)) },
  ]
  for (const lie of lies) {
    const { socket, lent } = await device()
    const lease = await lent()
    expect(lease).toMatchObject({ job: id, from: 0, to: 1 })
    const ack = await sendResult(socket, lease.token, 0, [encodeState(lie)])
    expect(ack).toMatchObject({ runs: [{ verdict: { type: 'rejected' } }] })
    socket.disconnect()
  }
  const { socket, lent } = await device()
  const ack = await sendResult(socket, (await lent()).token, 0, [honest])
  expect(ack).toMatchObject({ runs: [{ verdict: { type: 'accepted' } }] })
  await downloads(id)
  socket.disconnect()
})

test('[K7] the byte for state that does not fit into an output earns 1, and the pool reads the slice itself', async () => {
  const id = await submit()
  const { socket, lent } = await device()
  const ack = await sendResult(socket, (await lent()).token, 0, [TOO_LARGE_OUTPUT])
  expect(ack).toMatchObject({ runs: [{ verdict: { type: 'accepted' } }] })
  await downloads(id)
  const contributions = await read<{ items: ContributionView[] }>(pool.call('GET', `/jobs/${id}/contributions`))
  expect(contributions.items.map(({ credit }) => credit)).toEqual([1])
  socket.disconnect()
})
