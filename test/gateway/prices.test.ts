import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeskState } from '../../market/desk/desk.ts'
import type { Prices } from '../../market/desk/prices.ts'
import type { Page, Problem, SeriesView } from '../../protocol/api.ts'
import { until } from './device.ts'
import { type Inside, type InsidePool, openInside } from './inside.ts'

let inside: Inside
let folder: string
beforeAll(async () => {
  inside = await openInside()
  folder = await mkdtemp(join(tmpdir(), 'prices-'))
}, 60_000)
afterAll(async () => {
  await inside.close()
  await rm(folder, { recursive: true, force: true })
})

const put = (pool: InsidePool, csv: string, query = '') =>
  pool.call('PUT', `/series${query}`, csv, { 'content-type': 'text/csv' })
const seriesOf = async (answer: Response) => (await answer.json()) as SeriesView
const CSV = 'time,price\n2026-01-01T00:00:15Z,101\n2026-01-01T00:00:00Z,100.5\nrubbish,1\n2026-01-01T00:00:30Z,0\n'

/** A log like the ancestor's: n prices, 15 s apart. */
async function log(n: number): Promise<string> {
  const line = (i: number) => {
    const at = new Date(Date.UTC(2019, 10, 1) + i * 15_000)
    const time = `${at.getUTCHours()}:${at.getUTCMinutes()}:${at.getUTCSeconds()}`
    const day = `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()}`
    return `$${(9000 + (i % 7)).toFixed(2)}\t$9000.0\t$0.0\t[${time} - ${day}]`
  }
  const path = join(folder, `${n}.log`)
  await writeFile(path, `${Array.from({ length: n }, (_, i) => line(i)).join('\n')}\n`)
  return path
}

/** What a stream says, until `enough`. */
async function heard(
  url: string,
  enough: (events: { name: string; data: unknown }[]) => boolean,
): Promise<{ name: string; data: unknown }[]> {
  const closing = new AbortController()
  const answer = await fetch(url, { signal: closing.signal })
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const events: { name: string; data: unknown }[] = []
  let text = ''
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (data) events.push({ name: /^event: (.*)$/m.exec(block)?.[1] ?? 'message', data: JSON.parse(data) })
    }
    if (enough(events)) break
  }
  closing.abort()
  return events
}

const pricesOf = (pool: InsidePool) => pool.api.applications['market'] as Prices

test('[Q10] an import says what it took and what it left out, and the same points are one series', async () => {
  const pool = await inside.start()
  const first = await put(pool, CSV, '?name=Two%20prices')
  expect(first.status).toBe(201)
  const made = await seriesOf(first)
  expect(made).toMatchObject({
    ...{ name: 'Two prices', points: 2, from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:15.000Z' },
    ...{ skipped: 2, reasons: { unreadable: 1, price: 1, duplicate: 0, spike: 0 }, outOfOrder: 1, synthetic: false },
  })
  const again = await put(pool, CSV)
  expect([again.status, (await seriesOf(again)).id]).toEqual([200, made.id])
  const berlin = await seriesOf(await put(pool, 'time,price\n2026-01-01 01:00,5\n', '?zone=Europe/Berlin'))
  expect(berlin.from).toBe('2026-01-01T00:00:00.000Z')

  const { items } = (await (await pool.call('GET', '/series')).json()) as Page<SeriesView>
  expect(items.map(({ id }) => id)).toEqual([berlin.id, made.id, 'sample'])
  expect(items[2]).toMatchObject({ synthetic: true, points: 20_000 })
  const one = (await (await pool.call('GET', '/series?limit=1')).json()) as Page<SeriesView>
  const two = (await (await pool.call('GET', `/series?limit=2&cursor=${one.next}`)).json()) as Page<SeriesView>
  expect([...one.items, ...two.items].map(({ id }) => id)).toEqual(items.map(({ id }) => id))
  expect(two.next).toBeNull()

  expect((await pool.call('DELETE', `/series/${made.id}`)).status).toBe(204)
  expect((await pool.call('DELETE', `/series/${made.id}`)).status).toBe(404)
  expect((await pool.call('DELETE', '/series/sample')).status).toBe(409)
  await pool.close()
})

test('[Q31] a series is parsed and sorted in a thread of its own, and a body that breaks off leaves nothing', async () => {
  const pool = await inside.start()
  const lines = Array.from({ length: 300_000 }, (_, i) => `${1_800_000_000 - i - (i % 2)},${100 + (i % 7)}`)
  const csv = `time,price\n${lines.join('\n')}\n`
  const before = performance.eventLoopUtilization()
  const answer = await put(pool, csv)
  // The loop that serves devices only passes the bytes on.
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5)
  expect(await seriesOf(answer)).toMatchObject({ points: 150_001, reasons: { duplicate: 149_999 } })

  const headers = { authorization: `Bearer ${pool.adminKey}`, 'transfer-encoding': 'chunked' }
  const broken = request(`${pool.url}/api/v1/series`, { method: 'PUT', headers })
  broken.on('error', () => {})
  broken.write(CSV, () => broken.destroy())
  expect((await seriesOf(await put(pool, CSV))).points).toBe(2)
  expect((await readdir(join(pool.dataDir, 'series'))).filter((name) => name.endsWith('.part'))).toEqual([])
  await pool.close()
})

test('[Q11] what is no series is refused with a sentence', async () => {
  const pool = await inside.start()
  const refusal = async (answer: Response, status: number) => {
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    return ((await answer.json()) as Problem).detail
  }
  expect(await refusal(await put(pool, ''), 422)).toMatch(/nothing in this file/)
  expect(await refusal(await put(pool, 'a,b\n1,2\n'), 422)).toMatch(/\w+/)
  expect(await refusal(await put(pool, CSV, '?zone=Mars'), 422)).toMatch(/Zone must be UTC.*Mars/)
  expect(await refusal(await put(pool, CSV, `?name=${'x'.repeat(101)}`), 422)).toMatch(/100 letters/)
  const anonymous = await fetch(`${pool.url}/api/v1/series`, { method: 'PUT', body: CSV })
  await refusal(anonymous, 401)
  await refusal(await fetch(`${pool.url}/api/v1/series`), 401)
  await refusal(await pool.call('GET', '/btc/state'), 404)
  await refusal(await pool.call('GET', '/btc/stream'), 404)
  await pool.close()
})

test('[Q12] a replay feeds the desk, and after a restart the desk is where it was', async () => {
  const settings = { prices: 'replay', replay: await log(1200), replaySpeed: 'Infinity' }
  const pool = await inside.start({ applications: settings })
  const state = async (running: InsidePool) =>
    (await (await fetch(`${running.url}/api/v1/btc/state`)).json()) as DeskState
  await until(async () => (await state(pool)).at === '2019-11-01T04:59:45.000Z')
  const before = await state(pool)
  expect(before).toMatchObject({ source: 'replay', stale: false, state: 'blue', model: { points: 200 } })
  expect(before.price).toBe(9000 + (1199 % 7))
  expect(Object.keys(before)).toEqual([
    ...['at', 'price', 'source', 'stale', 'average', 'state', 'model', 'error', 'prediction', 'levels', 'band'],
  ])
  await pool.close()
  const after = await inside.start({ applications: settings, dataDir: pool.dataDir })
  await until(async () => pricesOf(after).now().feed.status === 'ended')
  expect(await state(after)).toEqual({ ...before, stale: true })
  expect(pricesOf(after).recent(20_000)).toHaveLength(1200)
  await after.close()
})

test('[Q32] what a recording holds besides prices is left out by reason and shown, a day without prices too', async () => {
  const path = join(folder, 'bad.csv')
  const rows = ['00:00:15,0', '00:00:30,-5', '00:00:45,NaN', '00:01:00,1000', '00:00:00,101', '00:01:15,101', 'x,1', '']
  const days = ['2026-01-01T00:01:30,102', '2026-01-01T00:01:20,99', '2026-01-03T00:00:00,103']
  await writeFile(
    path,
    ['time,price', ...['00:00:00,100', ...rows].map((row) => `2026-01-01T${row}`), ...days].join('\n'),
  )
  const settings = { prices: 'replay', replay: path, replaySpeed: 'Infinity' }
  const pool = await inside.start({ applications: settings })
  const ended = (one: InsidePool) => until(async () => pricesOf(one).now().feed.status === 'ended')
  await ended(pool)
  const shown = {
    excluded: { outOfOrder: 0, duplicate: 1, spike: 1, future: 0, rubbish: 5 },
    gaps: [{ from: Date.UTC(2026, 0, 1, 0, 1, 30), to: Date.UTC(2026, 0, 3) }],
  }
  expect(pricesOf(pool).now().feed).toMatchObject(shown)
  expect(
    pricesOf(pool)
      .recent(10)
      .map(([, units]) => units / 1e8),
  ).toEqual([100, 101, 99, 102, 103])
  await pool.close()
  const again = await inside.start({ applications: settings, dataDir: pool.dataDir })
  await ended(again)
  expect(pricesOf(again).now().feed).toMatchObject(shown)
  await again.close()
})

test('[G5] an open stream does not keep a pool from closing', async () => {
  const pool = await inside.start({ applications: { prices: 'replay', replaySpeed: '150' } })
  const answer = await fetch(`${pool.url}/api/v1/btc/stream`)
  expect(answer.status).toBe(200)
  const read = answer.text().catch(() => 'ended')
  await pool.close()
  expect(await read).toBe('ended')
})

test('[Q13] the stream says what is and then what changes; points only to those who ask', async () => {
  const pool = await inside.start({ applications: { prices: 'replay', replaySpeed: '150' } })
  const url = `${pool.url}/api/v1/btc/stream`
  const plain = await heard(url, (events) => events.length >= 3)
  expect(new Set(plain.map(({ name }) => name))).toEqual(new Set(['message']))
  const times = plain.map(({ data }) => (data as DeskState).at)
  expect(times).toEqual(times.toSorted())
  expect(plain.at(-1)?.data).toMatchObject({ source: 'synthetic', stale: false })

  const whole = await heard(`${url}?points=500`, (events) => events.filter(({ name }) => name === 'points').length >= 3)
  expect(whole.slice(0, 3).map(({ name }) => name)).toEqual(['feed', 'points', 'message'])
  expect(whole[0]?.data).toMatchObject({ name: 'Replay of the synthetic sample', live: false, status: 'connected' })
  const points = whole.filter(({ name }) => name === 'points').flatMap(({ data }) => data as [number, number][])
  const ats = points.map(([at]) => at)
  expect(new Set(ats).size).toBe(ats.length)
  expect(ats).toEqual(ats.toSorted((a, b) => a - b))
  expect((await fetch(`${url}?points=0`)).status).toBe(422)
  await pool.close()
})
