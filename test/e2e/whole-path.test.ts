import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FractalParams } from '../../jobs/fractal/params.ts'
import type { ContributionView, JobView } from '../../protocol/api.ts'
import { createAgents } from '../agent/process.ts'
import { createHarness, type Harness, type RunningPool } from '../gateway/harness.ts'
import { straight } from '../jobs/fractal/straight.ts'
import { launch } from '../pages/chromium.ts'

// The whole path with nothing replaced: real pages in a real browser, a real agent, the coordinator as a process that is
// killed, and a result that is compared pixel by pixel with loops that share nothing with the kernel.

let harness: Harness
let agents: Awaited<ReturnType<typeof createAgents>>
let browser: Browser

beforeAll(async () => {
  agents = await createAgents()
  harness = await createHarness('poolparty-e2e-')
  // A name that is not localhost: no secure context, as on any LAN.
  browser = (await launch(['pool.test'])).browser
})
afterAll(async () => {
  await browser?.close()
  await agents?.close()
  await harness?.close()
})

const view: FractalParams = {
  formula: 'burning-ship',
  center: [-1.762, -0.028],
  span: 0.08,
  width: 2560,
  height: 1600,
  maxIterations: 5000,
}

/** Looks until it sees; gives up with `story` rather than with the test's own time. */
async function until<T>(look: () => Promise<T | undefined | false>, story: () => Promise<string>): Promise<T> {
  for (let looks = 0; looks < 2400; looks++) {
    const seen = await look().catch(() => undefined)
    if (seen) return seen
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(await story())
}

const job = async (pool: RunningPool, id: string) => (await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView
const story = async (pool: RunningPool, id: string) =>
  `${JSON.stringify(await job(pool, id))}\n${await (await pool.call('GET', `/explain/job/${id}`)).text()}\n${await (await pool.call('GET', '/devices')).text()}\n${pool.output()}`
const past = (pool: RunningPool, id: string, share: number) =>
  until(
    async () => {
      const { tasksDone, taskCount } = await job(pool, id)
      return tasksDone >= share * taskCount
    },
    () => story(pool, id),
  )
const done = (pool: RunningPool, id: string) =>
  until(
    async () => (await job(pool, id)).status === 'done',
    () => story(pool, id),
  )

/** A volunteer in a browser of their own, who presses Start. */
async function volunteer(origin: string, name: string) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${origin}/join`)
  await page.locator('form#start input[name=name]').fill(name)
  await page.locator('form#start button[type=submit]').click()
  await page.getByRole('button', { name: 'Finish' }).waitFor()
  return { context, page }
}

test('[P1] [P4] two browsers and an agent finish a fractal; one leaves, the coordinator is killed; every pixel is the straight loop’s', async () => {
  const pool = await harness.start({ pages: true })
  const submitted = await pool.call('POST', '/jobs', { kind: 'fractal', params: view })
  expect(submitted.status).toBe(201)
  const { id } = (await submitted.json()) as JobView

  const ada = await volunteer(`http://pool.test:${pool.port}`, 'Ada')
  expect(await ada.page.evaluate(() => isSecureContext)).toBe(false)
  const bob = await volunteer(pool.url, 'Bob')
  const agent = agents.start([pool.url, '--name', 'Pi', '--threads', '1'])

  await past(pool, id, 0.15)
  await bob.context.close()
  await past(pool, id, 0.4)
  await pool.kill()
  const again = await harness.start({ pages: true, dataDir: pool.dataDir, port: pool.port })
  const { tasksDone } = await job(again, id)
  expect(tasksDone).toBeGreaterThan(0)
  await done(again, id)

  const raw = new Uint8Array(await (await again.call('GET', `/jobs/${id}/result?format=raw`)).arrayBuffer())
  expect(raw.byteLength).toBe(view.width * view.height * 4)
  const { items } = (await (await again.call('GET', `/jobs/${id}/contributions`)).json()) as {
    items: ContributionView[]
  }
  const names = items.map(({ volunteer: { name } }) => name)
  expect(names).toEqual(expect.arrayContaining(['Ada', 'Pi']))
  expect(items.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)

  const png = new Uint8Array(await (await again.call('GET', `/jobs/${id}/result`)).arrayBuffer())
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10])
  agent.child.kill('SIGINT')
  expect(await agent.ended).toBe(0)
  await ada.context.close()
  await again.stop()

  const payload = new DataView(raw.buffer)
  let different = 0
  for (let y = 0; y < view.height; y++)
    for (let x = 0; x < view.width; x++) {
      const pixel = payload.getUint32((y * view.width + x) * 4, true)
      if ((pixel === 0xffffffff ? -1 : pixel >>> 8) !== straight(view, x, y)) different++
    }
  expect(different).toBe(0)
}, 240_000)
