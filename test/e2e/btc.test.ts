import { afterAll, beforeAll, expect, test } from 'vitest'
import { btc } from '../../jobs/btc/index.ts'
import { importSeries } from '../../market/server/import.ts'
import type { JobView, Problem, SeriesView } from '../../protocol/api.ts'
import { createAgents } from '../agent/process.ts'
import { until } from '../gateway/device.ts'
import { createHarness, type Harness, type RunningPool } from '../gateway/harness.ts'
import { outputsOf, resultOf, text } from '../jobs/btc/job.ts'

// Every analysis over the whole path: a series sent by REST, two agents, and the result as one bare kernel says it.

let harness: Harness
let agents: Awaited<ReturnType<typeof createAgents>>
let pool: RunningPool
let series: SeriesView
let bytes: Uint8Array
beforeAll(async () => {
  harness = await createHarness('poolparty-btc-')
  agents = await createAgents()
  pool = await harness.start()
  const csv = history(20_000)
  series = await read(send(csv))
  const imported = await importSeries(
    (async function* () {
      yield new TextEncoder().encode(csv)
    })(),
  )
  if (imported.type === 'refused') throw new Error(imported.sentence)
  bytes = imported.bytes
  for (const name of ['Ada', 'Grace']) agents.start([pool.url, '--name', name, '--threads', '1'])
  await until(async () => (await read<{ devices: number }>(pool.call('GET', '/now'))).devices === 2)
}, 120_000)
afterAll(async () => {
  await agents?.close()
  await harness?.close()
})

/** Most prices repeat, newest first, with a price of zero in the middle. */
function history(rows: number): string {
  const lines = ['time,price']
  for (let i = rows - 1, price = 900_000; i >= 0; i--) {
    if (i % 3 === 0) price += ((i * 7919) % 401) - 200
    lines.push(`${1_572_566_400 + i * 15},${i === 5000 ? 0 : (price / 100).toFixed(2)}`)
  }
  return lines.join('\n')
}

const read = async <T>(response: Response | Promise<Response>) => (await (await response).json()) as T
const send = (csv: string) =>
  fetch(`${pool.url}/api/v1/series?name=History`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${pool.adminKey}` },
    body: csv,
  })
const submit = (params: object) => pool.call('POST', '/jobs', { kind: 'btc', params, trust: 'fast' })

async function finished(params: object): Promise<string> {
  const { id } = await read<JobView>(submit(params))
  const job = await until(async () => {
    const now = await read<JobView>(pool.call('GET', `/jobs/${id}`))
    return ['done', 'failed'].includes(now.status) && now
  })
  expect(job.error ?? job.status).toBe('done')
  return id
}

const analyses = [
  { analysis: 'sweep', windows: [5, 20, 80, 320], tolerances: [0, 0.0005, 0.002], holds: [0, 10], fee: 0.001 },
  { analysis: 'predict', windows: [5, 50], horizons: [1, 8] },
  { analysis: 'forecast', paths: 20_000, points: 60, method: 'bootstrap', seed: 7, upper: 9500 },
  { analysis: 'levels', depth: 5, window: 300, coverage: 0.9, from: '2019-11-02', to: '2019-11-03' },
]

test.each(analyses)(
  '[B12] $analysis by two agents has the bits of one bare kernel',
  async (analysis) => {
    expect(series).toMatchObject({ points: 19_999, skipped: 1 })
    const params = btc.schema.parse({ series: series.id, ...analysis })
    const id = await finished(params)
    const outputs = await outputsOf(params, bytes)
    const raw = new Uint8Array(await (await pool.call('GET', `/jobs/${id}/result?format=raw`)).arrayBuffer())
    expect(Buffer.compare(raw, Buffer.concat(outputs))).toBe(0)
    expect(await read(pool.call('GET', `/jobs/${id}/result`))).toEqual(await resultOf(params, bytes))
    const table = await pool.call('GET', `/jobs/${id}/result?format=csv`)
    expect(table.headers.get('content-type')).toMatch(/^text\/csv/)
    expect(await table.text()).toBe(await text(params, outputs, bytes, 'csv'))
  },
  120_000,
)

test('[B13] the sample is there for everybody; what is not there is refused at its field', async () => {
  await finished({ series: 'sample', analysis: 'predict', windows: [10], horizons: [8] })
  const refused = async (params: object) => {
    const answer = await submit({ analysis: 'predict', windows: [10], horizons: [8], ...params })
    expect(answer.status).toBe(422)
    return (await read<Problem>(answer)).errors?.[0]
  }
  expect(await refused({ series: 'nothing' })).toMatchObject({ path: 'params.series' })
  expect(await refused({ series: series.id, from: '2030-01-01' })).toMatchObject({ path: 'params.from' })
  expect(await refused({ series: series.id, windows: [1] })).toMatchObject({ path: 'params.windows.0' })
})

test('[B14] a series is deleted when nothing needs it; then its results can no longer be told', async () => {
  const other = await read<SeriesView>(send(`${history(300)}\n`))
  const params = { series: other.id, analysis: 'predict', windows: [10], horizons: [8] }
  const id = await finished(params)
  expect((await pool.call('DELETE', `/series/${other.id}`)).status).toBe(204)
  expect((await pool.call('GET', `/jobs/${id}/result`)).status).toBe(410)
  expect((await submit(params)).status).toBe(422)
})
