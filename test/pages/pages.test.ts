import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SHORT, type Visit, visit } from './visit.ts'

// Laws that hold for every page, with something in the pool to show. Every page is opened once and looked at from all sides.

interface Facts {
  readonly path: string
  readonly title: string
  readonly headings: number
  readonly mains: number
  /** What axe says against it, by theme. */
  readonly violations: Readonly<Record<'light' | 'dark', readonly string[]>>
  /** Pixels one could scroll sideways, by width of the window. */
  readonly sideways: Readonly<Record<number, number>>
  /** Movements longer than a blink, for someone who asked for none. */
  readonly movements: number
}

/** The narrowest phone, and a small laptop at 200 %. */
const WINDOWS = [
  { width: 320, height: 640 },
  { width: 640, height: 400 },
]

let at: Visit
let job: string
let facts: readonly Facts[]

async function lookAt(page: Page, path: string): Promise<Facts> {
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto(at.pool.url + path, { waitUntil: 'load' })
  if (path.includes('file=')) await page.locator('table').waitFor()
  const violations = { light: [] as string[], dark: [] as string[] }
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
    const found = await new AxeBuilder({ page }).analyze()
    for (const { id, nodes } of found.violations)
      violations[theme].push(`${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)
  }
  const sideways: Record<number, number> = {}
  for (const window of WINDOWS) {
    await page.setViewportSize(window)
    sideways[window.width] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  }
  return {
    ...{ path, violations, sideways, title: await page.title() },
    headings: await page.locator('h1:visible').count(),
    mains: await page.locator('main').count(),
    movements: await page.evaluate(
      () => document.getAnimations().filter((one) => Number(one.effect?.getComputedTiming().duration ?? 0) > 1).length,
    ),
  }
}

beforeAll(async () => {
  at = await visit()
  job = await at.submit(SHORT, { trust: 'fast' })
  const strangers = ['/', '/join', '/jobs', `/jobs/${job}`, '/leaderboard', '/screen', '/admin', '/no-such-page']
  const file = await at.send('prices.csv', 'Time,Ask,Bid\n2019-11-01,1.5,1.25\n2019-11-02,-2.5,x\n,,0.5,9\n')
  const admins = [
    '/admin',
    '/admin/new',
    `/admin/new?kind=csv&file=${file}`,
    '/admin/files',
    '/admin/devices',
    `/jobs/${job}`,
  ]
  const [stranger, admin] = [
    await at.open({ reducedMotion: 'reduce' }),
    await at.openAdmin({ reducedMotion: 'reduce' }),
  ]
  const found: Facts[] = []
  for (const [context, paths] of [[stranger, strangers] as const, [admin, admins] as const]) {
    const page = await context.newPage()
    for (const path of paths) found.push(await lookAt(page, path))
  }
  facts = found
})
afterAll(() => at?.close())

test('[U1] every page passes axe in both themes', () => {
  expect(facts.length).toBe(14)
  for (const { path, violations } of facts) expect(violations, path).toEqual({ light: [], dark: [] })
})

test('[U2] every page has a title, one heading and one main part', () => {
  for (const { path, title, headings, mains } of facts) {
    expect(title, path).toMatch(/PoolParty$/)
    expect([headings, mains], path).toEqual([1, 1])
  }
})

test('[U3] nothing scrolls sideways at 320 px, nor at 200 % zoom of a small laptop', () => {
  for (const { path, sideways } of facts) expect(sideways, path).toEqual({ 320: 0, 640: 0 })
})

test('[U4] who asks for no motion sees none', () => {
  for (const { path, movements } of facts) expect(movements, path).toBe(0)
})

test('[U5] no page asks anyone but this pool, breaks its policy, or complains', () => {
  expect(at.complaints.filter((words) => !/no-such-page.*404/s.test(words))).toEqual([])
})

test('[U6] every time shows its full date on hover, in the viewer’s zone', async () => {
  const page = await (await at.open({ timezoneId: 'Asia/Tokyo' })).newPage()
  await page.goto(`${at.pool.url}/jobs/${job}`)
  await expect.poll(() => page.locator('time').first().getAttribute('title')).toMatch(/\d{4} at .*GMT\+9|\d{4}.*JST/)
})
