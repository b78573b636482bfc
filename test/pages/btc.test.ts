import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeskState, newDesk } from '../../market/desk/desk.ts'
import { chanceAbove } from '../../market/desk/foresight.ts'
import type { PoolDesk } from '../../market/desk/prices.ts'
import { root } from '../gateway/harness.ts'
import { type Visit, visit } from './visit.ts'

// The desk in a real browser, fed with the recorded log in ../shared/data, or where that is absent with one like it.

const LOG = join(root, '..', 'shared', 'data', 'btc-15s-2019-11.txt')
/** Two minutes of prices a second: the page is there long before the end. */
const SPEED = 4000

let desk: Visit
let page: Page
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'desk-'))
  const replay = existsSync(LOG) ? LOG : join(folder, 'made.txt')
  if (replay !== LOG) {
    process.stdout.write('../shared/data is absent: the desk is tested with a made log.\n')
    await writeFile(replay, madeLog(4500))
  }
  desk = await visit({
    work: true,
    flags: ['--prices', 'replay', '--replay', replay, '--replay-speed', String(SPEED)],
  })
  const context = await desk.open({ viewport: { width: 1440, height: 900 }, timezoneId: 'UTC' })
  page = await context.newPage()
  await page.goto(`${desk.lan}/btc`)
  await page.waitForSelector('.uplot canvas')
}, 120_000)
afterAll(async () => {
  await desk.close()
  await rm(folder, { recursive: true, force: true })
})

/** Prices on a 15-second raster around $9,000, most of which repeat. */
function madeLog(count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.UTC(2019, 10, 1) + i * 15_000)
    const price = 9000 + (Math.floor(i / 3) % 97)
    const time = `${at.getUTCHours()}:${at.getUTCMinutes()}:${at.getUTCSeconds()}`
    return `$${price}\t$${price}\t$0.0\t[${time} - ${at.getUTCMonth() + 1}/${at.getUTCDate()}/2019]\n`
  }).join('')
}

const ticker = () => page.getByRole('region', { name: 'Ticker' })
const stateNow = async () => (await (await fetch(`${desk.pool.url}/api/v1/btc/state`)).json()) as DeskState
const shownPrice = async () =>
  Number(((await ticker().locator('.desk-price').textContent()) ?? '').replace(/[$,]/g, ''))

test('[Q20] the desk follows the prices by itself', async () => {
  const seen = new Set<string>()
  await expect
    .poll(async () => seen.add(await ticker().locator('time').getAttribute('datetime').then(String)).size, {
      timeout: 30_000,
    })
    .toBeGreaterThan(3)
  expect(await ticker().textContent()).toMatch(/\$9,?\d{3}\.\d\d.*2019.*Replay of .*not live/s)
})

test('[Q21] an alarm rings when the price comes to its level, and stays in the history', async () => {
  const price = await shownPrice()
  await page.getByLabel('Above, in USD').fill(String(price + 5))
  await page.getByLabel('Below, in USD').fill(String(price - 5))
  const rang = page.getByRole('region', { name: 'Alarms' }).getByRole('status')
  await expect
    .poll(() => rang.textContent(), { timeout: 40_000 })
    .toMatch(/^(Upper|Lower) alarm: \$9,\d{3}\.\d\d (reached|fell to) \$9/)
  await page.reload()
  await expect.poll(() => rang.textContent()).toMatch(/alarm/)
})

test('[Q22] at the end every number is that of a desk computed apart, and old prices are shown as old', async () => {
  await expect.poll(() => ticker().textContent(), { timeout: 60_000 }).toMatch(/Stale\. Replay of .* is at its end/)
  const state = await stateNow()
  expect(await shownPrice()).toBe(state.price)
  const region = page.getByRole('region', { name: 'Two-minute prediction' })
  const foretold = state.prediction!.toLocaleString('en-US', { style: 'currency', currency: 'USD' })
  expect(await region.textContent()).toContain(foretold)
  expect(await page.locator('[data-state]').getAttribute('data-state')).toBe(state.state)
  expect(await page.getByRole('region', { name: 'Linear model' }).textContent()).toContain(
    `${state.model?.points} prices`,
  )

  const whole = newDesk()
  for (const [at, units] of await kept()) whole.add({ at, units, source: 'replay' })
  const { count, mae } = whole.accuracy()
  const usd = (value: number) => value.toLocaleString('en-US', { style: 'currency', currency: 'USD' })
  expect(count).toBe(1000)
  expect(await region.textContent()).toContain(`Its last 1000 were off by ${usd(mae!)} on average`)
  const off = `${state.error! < 0 ? '−' : '+'}${usd(Math.abs(state.error!))}`
  expect(await page.getByRole('region', { name: 'Linear model' }).textContent()).toContain(`off by ${off} just now`)
  const models = Math.ceil((await kept()).length / 1000)
  expect(await page.locator('.desk-errors').getAttribute('aria-label')).toContain(`: ${models} models, ${off} now`)

  // Another window and tolerance: the state that a desk of these says.
  await page.getByLabel('Average of, in prices').fill('7')
  await page.getByLabel('Tolerance, in %').fill('0.01')
  const ticks = await kept()
  const own = newDesk({ window: 7, tolerance: 0.0001, modelPoints: 1000 })
  for (const [at, units] of ticks) own.add({ at, units, source: 'replay' })
  await expect.poll(() => page.locator('[data-state]').getAttribute('data-state')).toBe(own.state(true).state)
  const level = Math.round(state.prediction! * 100) / 100 + 3
  await page.getByLabel('Click on the chart, or type, in USD').fill(String(level))
  const chance = chanceAbove(level, own.state(true).prediction!, own.errors())
  await expect.poll(() => page.locator('[data-chance]').getAttribute('data-chance')).toBe(String(chance?.share))
})

test('[Q33] levels and band stand on the desk with the share they held and who computed them; one may switch them off', async () => {
  const section = page.getByRole('region', { name: 'Levels and band' })
  const { levels, band } = (await stateNow()) as PoolDesk
  expect(await section.locator('[data-band]').getAttribute('data-band')).toBe(`${band?.low} ${band?.high}`)
  expect(await section.locator('data').getAttribute('value')).toBe(String(band?.coverage.share))
  const words = await section.textContent()
  expect(words).toMatch(/Computed by 1 device of .+ (just now|\d+ min ago), from [\d,]+ prices? until/)
  expect(words).toContain(`of ${band?.coverage.count.toLocaleString('en')} earlier prices`)
  await section.getByText('as a table').click()
  expect(await section.locator('tbody tr').count()).toBe(levels.steps.length)

  await page.getByRole('button', { name: 'All', exact: true }).click()
  const drawn = () => page.evaluate(() => document.querySelector<HTMLCanvasElement>('.desk-chart canvas')!.toDataURL())
  const shown = await drawn()
  await section.getByRole('button', { name: 'Hide levels and band' }).click()
  await expect.poll(drawn).not.toBe(shown)
  await page.reload()
  await page.waitForSelector('.uplot canvas')
  expect(await section.locator('[data-band]').count()).toBe(0)
  await section.getByRole('button', { name: 'Show levels and band' }).click()
  await section.locator('[data-band]').waitFor()
})

test('[Q23] a click on the chart is the setpoint, and it stays with this browser', async () => {
  const chart = page.locator('.desk-chart .u-over').first()
  await chart.click({ position: { x: 200, y: 100 } })
  const field = page.getByLabel('Click on the chart, or type, in USD')
  const clicked = Number(await field.inputValue())
  expect(clicked).toBeGreaterThan(8000)
  await page.reload()
  await expect.poll(() => field.inputValue()).toBe(String(clicked))
  await field.fill('nothing')
  expect(await page.getByRole('region', { name: 'Setpoint' }).getByRole('alert').textContent()).toMatch(
    /A price in USD/,
  )
})

test('[Q24] the desk is for everybody: axe, a phone, "analytics, not advice" once', async () => {
  expect((await page.getByText(/not advice/i).all()).length).toBe(1)
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await desk.open({ viewport: { width: 390, height: 844 }, colorScheme, reducedMotion: 'reduce' })
    const phone = await context.newPage()
    await phone.goto(`${desk.lan}/btc`)
    await phone.waitForSelector('.uplot canvas')
    const { violations } = await new AxeBuilder({ page: phone }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    expect(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await context.close()
  }
  expect(desk.complaints).toEqual([])
})

/** What the pool told, as its stream tells it. */
async function kept(): Promise<[number, number][]> {
  const closing = new AbortController()
  const answer = await fetch(`${desk.pool.url}/api/v1/btc/stream?points=20000`, { signal: closing.signal })
  let text = ''
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const found = /event: points\ndata: (.*)\n\n/.exec(text)?.[1]
    if (!found) continue
    closing.abort()
    return JSON.parse(found) as [number, number][]
  }
  throw new Error('The stream told no points.')
}
