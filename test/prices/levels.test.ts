import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLog } from '../../coordinator/log.ts'
import type { SystemJob } from '../../coordinator/own-jobs.ts'
import { newDesk } from '../../market/desk/desk.ts'
import type { Point, Ticker } from '../../market/desk/prices.ts'
import { openDesk } from '../../market/server/levels.ts'
import type { SeriesRecord } from '../../market/server/series.ts'
import type { JobView } from '../../protocol/api.ts'

// When levels are computed, with a clock of our own and a system job that ends when the test says so.

const START = Date.UTC(2026, 10, 21)

function rig() {
  let now = START
  let pending: (() => void)[] = []
  const timer = {
    now: () => now,
    after(_: number, work: () => void) {
      pending.push(work)
      return { cancel: () => pending.splice(pending.indexOf(work), 1) }
    },
  }
  const points: Point[] = []
  const asked: { series: string; window: number }[] = []
  const kept = new Map<string, SeriesRecord>()
  let open: JobView | null = null
  let done: JobView | null = null
  let ending: 'done' | 'failed' | null = null
  let waiting: string | undefined

  const systemJob: SystemJob = {
    start: async () => {},
    open: () => open,
    done: () => done,
    async ask({ params }) {
      expect(open).toBeNull()
      asked.push(params as { series: string; window: number })
      const createdAt = new Date(now).toISOString()
      open = { id: `job-${asked.length}`, params, status: 'queued', createdAt } as JobView
    },
    async look() {
      if (!open) return 'none'
      if (waiting) open = { ...open, waiting }
      if (!ending) return 'open'
      if (ending === 'done') done = { ...open, finishedAt: new Date(now).toISOString() }
      open = null
      const was = ending
      ending = null
      return was === 'done' ? 'done' : 'nothing'
    },
  }
  const ticker: Ticker = {
    now: () => ({ feed: {} as never, state: newDesk().state(true) }),
    recent: (limit) => points.slice(-limit),
    listen: () => () => {},
    close: async () => {},
  }
  const desk = openDesk(ticker, {
    ...{ systemJob, timer, log: createLog('silent'), usedBy: async () => [] },
    series: {
      async putForSystemJob({ times }) {
        const id = `series-${times.length}-${times[times.length - 1]}`
        kept.set(id, { id, points: times.length, to: times[times.length - 1] } as SeriesRecord)
        return kept.get(id)!
      },
      forSystemJobs: async () => [...kept.values()],
      delete: async (id) => kept.delete(id),
    },
    async result() {
      const { points: used, to } = kept.get(asked.at(-1)!.series)!
      const edge = { at: new Date(to).toISOString(), level: 100, low: 99, high: 102 }
      const coverage = { asked: 0.9, share: 0.91, low: 0.9, high: 0.92, count: 1234 }
      return { levels: [], band: edge, coverage, used: { points: used, from: null, to: edge.at } }
    },
    contributions: async () => ['Ada', 'Ada', 'Grace'].map((name) => ({ volunteer: { id: name, name } })) as never,
  })
  return {
    ...{ desk, asked, kept },
    add(count: number) {
      for (let i = 0; i < count; i++) points.push([START + points.length * 15_000, 1e10])
    },
    end(how: 'done' | 'failed') {
      ending = how
    },
    waits(sentence: string) {
      waiting = sentence
    },
    /** So many seconds, second by second. */
    async seconds(count: number) {
      for (let i = 0; i < count; i++) {
        now += 1000
        const due = pending
        pending = []
        for (const work of due) work()
        while (pending.length === 0) await setImmediate()
      }
    },
  }
}

test('[B20] levels are computed while somebody looks, at most once a minute, when prices moved', async () => {
  const it = rig()
  it.add(79)
  await it.desk.start()
  await it.seconds(5)
  expect(it.desk.now(false).state.levels.waiting).toBeNull()
  const away = it.desk.listen(() => {})
  await it.seconds(2)
  expect(it.desk.now(false).state.levels.waiting).toBe('Levels begin with 80 prices; 79 are here.')
  it.add(1)
  await it.seconds(2)
  expect(it.asked).toMatchObject([{ window: 20, stride: 2, depth: 5, coverage: 0.9 }])
  it.end('done')
  await it.seconds(2)
  const { levels, band } = it.desk.now(false).state
  expect(levels.computed).toMatchObject({ points: 80, devices: 3, people: ['Ada', 'Grace'], job: 'job-1' })
  expect(band).toMatchObject({ ahead: 2, low: 99, high: 102, coverage: { asked: 0.9, share: 0.91, count: 1234 } })

  it.add(25)
  await it.seconds(50)
  expect(it.asked).toHaveLength(1)
  await it.seconds(10)
  expect(it.asked).toHaveLength(2)
  it.end('done')
  it.add(24)
  await it.seconds(70)
  expect(it.asked).toHaveLength(2)
  away()
  it.add(10_000)
  await it.seconds(5)
  expect(it.asked).toHaveLength(2)
  // Who asks for the state looks for a minute; the latest 6000 prices are a whole day.
  it.desk.now()
  await it.seconds(2)
  expect(it.asked[2]).toMatchObject({ window: 500, series: expect.stringContaining('series-6000-') })
  await it.desk.close()
})

test('[B20] who wants no levels makes nobody compute them', async () => {
  const it = rig()
  it.add(500)
  await it.desk.start()
  it.desk.listen(() => {}, false)
  it.desk.now(false)
  await it.seconds(100)
  expect(it.asked).toEqual([])
  await it.desk.close()
})

test('[B21] never two at once, however long one waits; it is said why, and its prices are not kept for longer', async () => {
  const it = rig()
  const told: (string | null)[] = []
  it.add(1000)
  await it.desk.start()
  it.desk.listen((news) => news.type === 'state' && told.push(news.state.levels.waiting))
  await it.seconds(4)
  it.waits('No device is working right now.')
  it.add(1000)
  await it.seconds(200)
  expect([it.asked.length, it.kept.size]).toEqual([1, 1])
  expect(told).toEqual(['No device is working right now.'])
  it.end('done')
  await it.seconds(2)
  expect(it.asked).toHaveLength(2)
  it.end('failed')
  await it.seconds(2)
  expect(it.desk.now(false).state.levels).toMatchObject({ waiting: expect.stringMatching(/came to nothing/) })
  expect(it.kept.size).toBe(1)
  await it.seconds(60)
  expect([it.asked.length, it.kept.size]).toEqual([3, 2])
  await it.desk.close()
})
