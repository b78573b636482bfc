import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LevelsResult } from '../../jobs/btc/analysis.ts'
import { encodeSeries } from '../../jobs/btc/series.ts'
import type { PoolDesk } from '../../market/desk/prices.ts'
import { syntheticTicks } from '../../market/server/sample.ts'
import type { JobView, Page, SeriesView } from '../../protocol/api.ts'
import { createAgents } from '../agent/process.ts'
import { until } from '../gateway/device.ts'
import { createHarness, type Harness, type RunningPool } from '../gateway/harness.ts'
import { resultOf } from '../jobs/btc/job.ts'
import { tree } from '../jobs/btc/straight.ts'

// Levels and band of the desk over the whole path: a recording of the synthetic sample, kill -9, two agents.

const COUNT = 6000
const FROM = Date.UTC(2026, 0, 1)

let harness: Harness
let agents: Awaited<ReturnType<typeof createAgents>>
let pool: RunningPool
let ticks: { readonly at: number; readonly units: number }[]
beforeAll(async () => {
  harness = await createHarness('poolparty-levels-')
  agents = await createAgents()
  const source = syntheticTicks(1, FROM)
  ticks = Array.from({ length: COUNT }, () => source.next().value!)
  const recording = join(harness.folder, 'sample.csv')
  const lines = ticks.map(({ at, units }) => `${at},${(units / 1e8).toFixed(2)}`)
  await writeFile(recording, `time,price\n${lines.join('\n')}\n`)
  const flags = ['--prices', 'replay', '--replay', recording, '--replay-speed', '1000000']
  pool = await harness.start({ flags })
  // Nobody looks before all of it was told and kept.
  const folder = join(pool.dataDir, 'prices', 'replay-sample-csv')
  await until(async () => (await sizeOf(folder)) === COUNT * 32)
  again = (one) => harness.start({ flags, dataDir: one.dataDir })
}, 120_000)
afterAll(async () => {
  await agents?.close()
  await harness?.close()
})

let again: (one: RunningPool) => Promise<RunningPool>
const read = async <T>(response: Response | Promise<Response>) => (await (await response).json()) as T
const state = () => read<PoolDesk>(fetch(`${pool.url}/api/v1/btc/state`))
const names = (folder: string) => readdir(join(pool.dataDir, folder)).catch((): string[] => [])
const systemSeries = async () => (await names('series')).filter((name) => name.endsWith('.json'))

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder).catch((): string[] => [])
  const ticks = files.filter((name) => name.endsWith('.ticks'))
  const sizes = await Promise.all(ticks.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

test('[B21] after kill -9 the system job goes on, still one, and nobody sees it in a list', async () => {
  expect(await state()).toMatchObject({ levels: { steps: [], computed: null }, band: null })
  // Held by the pool, so on the disk.
  await until(async () =>
    /poolparty_jobs\{[^}]*queued[^}]*\} 1/.test(await (await fetch(`${pool.url}/metrics`)).text()),
  )
  const inputs = await names('inputs')
  await pool.kill()
  pool = await again(pool)
  expect((await state()).levels).toMatchObject({ computed: null })
  await until(async () => /No device is working/.test((await state()).levels.waiting ?? ''))
  expect(await names('inputs')).toEqual(inputs)
  expect(await systemSeries()).toHaveLength(1)
  expect((await read<Page<JobView>>(pool.call('GET', '/jobs'))).items).toEqual([])
  const series = await read<Page<SeriesView>>(pool.call('GET', '/series'))
  expect(series.items.map(({ id }) => id)).toEqual(['sample'])
  expect((await pool.call('DELETE', `/series/${(await systemSeries())[0]?.slice(0, -5)}`)).status).toBe(404)
  expect((await read<{ showing: unknown }>(pool.call('GET', '/now'))).showing).toBeNull()
})

test('[B22] levels and band of the desk are those of one bare kernel, and the band holds what it says', async () => {
  for (const name of ['Ada', 'Grace']) agents.start([pool.url, '--name', name, '--threads', '1'])
  const { levels, band } = await until(async () => {
    const now = await state()
    return now.levels.computed !== null && now
  })
  const prices = Float64Array.from(ticks, ({ units }) => units)
  const times = Float64Array.from(ticks, ({ at }) => at)
  const skipped = { unreadable: 0, price: 0, duplicate: 0, spike: 0 }
  const params = { series: 's', analysis: 'levels', depth: 5, window: 500, coverage: 0.9, stride: 50 }
  const alone = await resultOf<LevelsResult>(params, encodeSeries({ prices, times, skipped }))
  expect(levels.steps).toEqual(alone.levels)
  expect(band).toEqual({ ...alone.band, inside: undefined, of: undefined, ahead: 50, coverage: alone.coverage })

  const leaves = tree([...prices], COUNT - 500, COUNT, 5)
  const time = (point: number) => new Date(times[point]!).toISOString()
  expect(levels.steps).toEqual(
    leaves.map(({ from, to, level }) => ({ from: time(from), to: time(to - 1), level: level / 1e8 })),
  )
  expect(band?.coverage.count).toBeGreaterThan(4500)
  expect(band?.coverage.share).toBeGreaterThan(0.85)
  expect(band?.coverage.share).toBeLessThan(0.95)
  expect(levels.computed).toMatchObject({ points: COUNT, devices: 2, from: time(0), to: time(COUNT - 1) })
  expect(levels.computed?.people.toSorted()).toEqual(['Ada', 'Grace'])
})

test('[B22] the last levels are there after a restart, with who computed them; they are no business of “run again”', async () => {
  const before = await state()
  await pool.kill()
  pool = await again(pool)
  const { levels, band } = await state()
  expect({ levels, band }).toEqual({ levels: before.levels, band: before.band })
  const { job } = levels.computed!
  expect(await read(pool.call('GET', `/jobs/${job}`))).toMatchObject({ status: 'done', priority: -10 })
  const refused = await pool.call('POST', `/jobs/${job}/run-again`)
  expect([refused.status, (await read<{ detail: string }>(refused)).detail]).toEqual([
    409,
    expect.stringMatching(/job of the pool itself/),
  ])
  expect(await systemSeries()).toHaveLength(1)
  expect(JSON.parse(await readFile(join(pool.dataDir, 'series', (await systemSeries())[0]!), 'utf8'))).toMatchObject({
    errand: true,
  })
})
