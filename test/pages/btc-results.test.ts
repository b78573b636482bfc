import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ForecastResult, LevelsResult, PredictResult, SweepResult } from '../../jobs/btc/analysis.ts'
import type { SeriesView } from '../../protocol/api.ts'
import * as straight from '../jobs/btc/straight.ts'
import { type Visit, visit } from './visit.ts'

// The four analyses over the whole path: asked for in the editor, computed by the host, looked at, exported, applied.

const START = Date.UTC(2026, 0, 1)
/** Whole cents, most of which repeat; a driftless zigzag with a swing in it. */
const CENTS = Array.from(
  { length: 400 },
  (_, i) => 900_000 + Math.round(8000 * Math.sin(i / 37)) + ((Math.floor(i / 3) * 7919) % 401) * 5,
)
const UNITS = CENTS.map((cents) => cents * 1_000_000)

let at: Visit
let page: Page
let series: SeriesView
beforeAll(async () => {
  at = await visit({ work: true, flags: ['--prices', 'replay'] })
  const lines = CENTS.map((cents, i) => `${new Date(START + i * 15_000).toISOString()},${(cents / 100).toFixed(2)}`)
  const answer = await fetch(`${at.pool.url}/api/v1/series?name=Zigzag`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${at.pool.adminKey}` },
    body: `time,price\n${lines.join('\n')}\n`,
  })
  series = (await answer.json()) as SeriesView
  const context = await at.openAdmin({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  page = await context.newPage()
}, 120_000)
afterAll(() => at?.close())

const field = (label: string) => page.getByLabel(label, { exact: true })

/** Opens the submit page at one of the ready-made jobs, and types. */
async function ask(ready: string, typed: Readonly<Record<string, string>>): Promise<void> {
  await page.goto(`${at.pool.url}/admin/new`)
  await page.getByRole('button', { name: ready }).click()
  await field('Prices').selectOption({ label: 'Zigzag, 400 prices' })
  for (const [label, text] of Object.entries(typed)) await field(label).fill(text)
}

/** Runs it; the result as the page's own downloads give it. */
async function run<Result>(): Promise<{ result: Result; rows: string[] }> {
  await page.getByRole('radio', { name: /^Fast/ }).check()
  await page.getByRole('button', { name: 'Run' }).click()
  await page.getByRole('region', { name: 'Result' }).waitFor()
  const links = page.locator('a[download]')
  const hrefs = await links.evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href))
  const get = async (href: string | undefined) => (await page.request.get(href ?? '')).text()
  const csv = hrefs.find((href) => href.endsWith('format=csv'))
  return { result: JSON.parse(await get(hrefs[0])) as Result, rows: (await get(csv)).trim().split('\n') }
}

/** For everybody: both themes, a phone, and what it is not, said once. */
async function lookedAt(): Promise<void> {
  expect(await page.getByText(/not advice/i).count()).toBe(1)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  }
  await page.setViewportSize({ width: 360, height: 760 })
  // Charts follow their place a frame later.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  await page.setViewportSize({ width: 1280, height: 900 })
}

const text = async () => (await page.getByRole('region', { name: 'Result' }).textContent()) ?? ''
const usd = (units: number) => (units / 1e8).toLocaleString('en-US', { style: 'currency', currency: 'USD' })
const percent = (share: number) => `${String(Number((share * 100).toPrecision(3))).replace('-', '−')} %`

test('[B23] a sweep: the page and its files say what a straight loop says; the best goes to the desk', async () => {
  await ask('Which window, which tolerance?', {
    'Windows, in prices, with commas': '5, 20 60',
    'Tolerances, as shares': '0, 0.002',
    'Holds, in prices': '0, 10',
    'Fee of a change, as a share': '0.0005',
  })
  const { result, rows } = await run<SweepResult>()
  const grid = { windows: [5, 20, 60], tolerances: [0, 0.002], holds: [0, 10], fee: 0.0005 }
  const { grid: cells, buyAndHold, walkForward } = straight.sweep(UNITS, grid)
  expect(result).toMatchObject({ grid: cells, buyAndHold, walkForward })
  expect(rows).toHaveLength(1 + 12)
  const best = cells.toSorted((a, b) => b.return - a.return)[0]!
  const words = await text()
  expect(words).toContain(
    `The best of 12 made ${percent(best.return)} with a window of ${best.window}, a tolerance of ${percent(best.tolerance)}`,
  )
  expect(words).toContain(`the best made ${percent(walkForward.test)} on the rest`)
  const first = page.locator('tbody tr').first()
  expect(await first.textContent()).toContain(percent(best.return) + percent(best.maxDrawdown) + best.changes)
  await lookedAt()

  await page.getByRole('link', { name: 'Apply to the desk' }).click()
  await page.waitForURL(/\/btc/)
  await expect.poll(() => field('Average of, in prices').inputValue()).toBe(String(best.window))
  expect(await field('Tolerance, in %').inputValue()).toBe(String(best.tolerance * 100))
  await page.reload()
  await expect.poll(() => field('Average of, in prices').inputValue()).toBe(String(best.window))
})

test('[B23] straight lines: errors and how often they were nearer, as textbook least squares has them', async () => {
  await ask('How good is the two-minute prediction?', {
    'Lines over so many prices': '10, 40',
    'So many prices ahead': '1, 8',
  })
  const { result, rows } = await run<PredictResult>()
  expect([result.twoMinutes.horizon, result.models.length, rows.length]).toEqual([8, 4, 5])
  for (const { window, horizon, count, mae, bias, better } of result.models) {
    const all = straight.predictions(UNITS, window, horizon)
    const errors = all.map(({ actual, predicted }) => (actual - predicted) / 1e8)
    const nearer = all.filter(({ actual, predicted, now }) => Math.abs(actual - predicted) < Math.abs(actual - now))
    expect(count).toBe(all.length)
    expect(mae).toBeCloseTo(errors.reduce((sum, error) => sum + Math.abs(error), 0) / count, 8)
    expect(bias).toBeCloseTo(errors.reduce((sum, error) => sum + error, 0) / count, 8)
    expect(better.share).toBe(nearer.length / count)
  }
  const shown = result.models.filter(({ horizon }) => horizon === 8)
  const cells = await page.locator('tbody tr').evaluateAll((all) => all.map((row) => row.textContent))
  expect(cells).toHaveLength(2)
  for (const [i, { window, mae }] of shown.entries()) expect(cells[i]).toContain(`${window} prices${usd(mae! * 1e8)}`)
  await page.getByRole('button', { name: '1 ahead' }).click()
  const [one] = result.models
  expect(await page.locator('tbody tr').first().textContent()).toContain(`10 prices${usd(one!.mae! * 1e8)}`)
  await lookedAt()
})

test('[B23] futures: the fan is that of a lognormal walk', async () => {
  const last = UNITS.at(-1)! / 1e8
  await ask('A hundred thousand futures', {
    ...{ Futures: '40000', 'Prices ahead': '60', Seed: '5', 'Upper alarm, if any': String(Math.round(last + 40)) },
  })
  await field('Drawn from').selectOption('gbm')
  const { result, rows } = await run<ForecastResult>()
  const steps = UNITS.slice(1).map((units, i) => Math.log(units / UNITS[i]!))
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length
  const deviation = Math.sqrt(steps.reduce((sum, step) => sum + (step - mean) ** 2, 0) / steps.length)
  const end = result.quantiles.at(-1)!
  const spread = deviation * Math.sqrt(60)
  for (const [name, z] of [
    ['p05', -1.6449],
    ['p25', -0.6745],
    ['p50', 0],
    ['p95', 1.6449],
  ] as const) {
    const wanted = Math.log(last) + 60 * mean + z * spread
    expect(Math.abs(Math.log(end[name]) - wanted) / spread).toBeLessThan(0.05)
  }
  expect(rows).toHaveLength(1 + 60)
  const words = await text()
  expect(words).toContain(`nine of ten between ${usd(end.p05 * 1e8)} and ${usd(end.p95 * 1e8)}`)
  expect(await page.locator('[data-touch]').getAttribute('data-touch')).toBe(String(result.touch.upper?.share))
  await lookedAt()
})

test('[B23] levels: every split tried, every later price counted', async () => {
  await ask('Decision levels and a 90 % band', { 'Depth of the tree': '3', 'Prices a fit sees': '60' })
  const { result, rows } = await run<LevelsResult>()
  const time = (point: number) => new Date(START + point * 15_000).toISOString()
  const leaves = straight.tree(UNITS, 340, 400, 3)
  expect(result.levels).toEqual(
    leaves.map(({ from, to, level }) => ({ from: time(from), to: time(to - 1), level: level / 1e8 })),
  )
  const fits = straight.bands(UNITS, 60, 3, 6, 100_000)
  const [count, inside] = [fits.reduce((sum, { of }) => sum + of, 0), fits.reduce((sum, one) => sum + one.inside, 0)]
  expect(result.coverage).toMatchObject({ asked: 0.9, count, share: inside / count })
  expect(rows).toHaveLength(1 + fits.length)
  const words = await text()
  const now = fits.at(-1)!
  expect(words).toContain(`Next expected between ${usd(now.low!)} and ${usd(now.high!)}.`)
  expect(words).toContain(`of ${count} prices that no fit had seen`)
  expect(await page.locator('tbody tr').count()).toBe(leaves.length)
  expect(await page.locator('tbody tr').last().textContent()).toContain(usd(leaves[0]!.level))
  await lookedAt()
})

test('[B24] the editor says what is wrong at its field, keeps what was typed, and runs nothing', async () => {
  await ask('Decision levels and a 90 % band', { 'Prices a fit sees': '1.5' })
  const said = async (label: string) => {
    expect(await field(label).getAttribute('aria-invalid')).toBe('true')
    return page.locator(`[id="${await field(label).getAttribute('aria-describedby')}"]`).textContent()
  }
  expect(await said('Prices a fit sees')).toBe('Window must be a whole number from 2 to 10000. You wrote 1.5.')
  await page.getByRole('button', { name: 'Run' }).click()
  expect(page.url()).toMatch(/\/admin\/new$/)
  expect(await field('Prices a fit sees').inputValue()).toBe('1.5')
  await field('Prices a fit sees').fill('60')
  // What only the series itself can tell.
  await field('From, if not the beginning').fill('2030-01-01')
  await page.getByRole('button', { name: 'Run' }).click()
  await expect.poll(() => field('From, if not the beginning').getAttribute('aria-invalid')).toBe('true')
  expect(await said('From, if not the beginning')).toMatch(/^Fewer than two prices/)

  await field('What to compute').selectOption('sweep')
  await field('Windows, in prices, with commas').fill('5, x')
  expect(await said('Windows, in prices, with commas')).toMatch(/A window must be a whole number .* You wrote "x"\.$/)
  expect(at.complaints.filter((words) => !/422/.test(words))).toEqual([])
  expect(series.points).toBe(400)
})
