import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LONG, type Visit, visit } from './visit.ts'

// A volunteer's visit, in a real browser, on a plain http address of a LAN.

/** What the issue allows a page's scripts to weigh. */
const MOST_GZIPPED = 200_000

let at: Visit

beforeAll(async () => {
  at = await visit()
  await at.submit(LONG)
})
afterAll(() => at?.close())

const status = (page: Page) => page.evaluate(() => document.documentElement.dataset['volunteer'])
const isIn = (page: Page, wanted: string) => expect.poll(() => status(page), { timeout: 20_000 }).toBe(wanted)

test('[U7] a stranger joins with the keyboard alone, pauses, goes on and stops', async () => {
  const page = await (await at.open()).newPage()
  await page.goto(`${at.lan}/join`)
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  await page.locator('#name').focus()
  await page.keyboard.type('Ada')
  await page.keyboard.press('Enter')
  await isIn(page, 'working')
  await page.getByRole('button', { name: 'Pause' }).focus()
  await page.keyboard.press('Enter')
  await isIn(page, 'paused')
  await page.getByRole('button', { name: 'Resume' }).focus()
  await page.keyboard.press('Space')
  await isIn(page, 'working')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Finish')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await isIn(page, 'stopped')
  expect(await page.locator('h1:visible').textContent()).toBe('Stopped')
  await page.context().close()
})

/** A page whose session's worker can be made to say what it says when the pool has a newer version. */
async function pageOfOldVersion() {
  const page = await (await at.open()).newPage()
  await page.addInitScript(() => {
    const Plain = window.Worker
    window.Worker = class extends Plain {
      constructor(...args: ConstructorParameters<typeof Plain>) {
        super(...args)
        Object.assign(window, { session: this })
      }
    }
  })
  const outdated = () =>
    page.evaluate(() => {
      const { session } = window as unknown as { session: Worker }
      const news = { type: 'outdated', text: 'A newer version is here.' }
      session.dispatchEvent(new MessageEvent('message', { data: { news } }))
    })
  await page.goto(`${at.lan}/join`)
  await page.getByRole('button', { name: 'Start' }).click()
  await isIn(page, 'working')
  return { page, outdated }
}

test('[D44] a tab that was paused or stopped while the reload waited for its typing does not compute after it', async () => {
  for (const [press, after] of [
    ['Pause', 'paused'],
    ['Stop', 'ready'],
  ] as const) {
    const { page, outdated } = await pageOfOldVersion()
    await page.getByText('Your name, and your other devices').click()
    await page.getByLabel('Code from another of your devices').fill('half a co')
    await outdated()
    const reloaded = page.waitForEvent('load')
    // As by a key of a headset or a shortcut: the field keeps its focus.
    await page.evaluate((name) => {
      const { poolparty } = window as unknown as { poolparty: { pause(): void; stop(): void } }
      if (name === 'Pause') poolparty.pause()
      else poolparty.stop()
      ;(document.activeElement as HTMLElement).blur()
    }, press)
    await reloaded
    await isIn(page, after)
    await page.context().close()
  }
})

test('[D42] a recovery code shows the name of the person it brings back', async () => {
  const ines = await (await at.open()).newPage()
  await ines.goto(`${at.lan}/join`)
  await ines.locator('#name').fill('Ines')
  await ines.getByRole('button', { name: 'Start' }).click()
  await isIn(ines, 'working')
  const identity = (page: Page) =>
    page.evaluate(() => {
      const { poolparty } = window as unknown as {
        poolparty: { getState(): { name: string; identity: { recoveryCode: string } | null } }
      }
      const { name, identity } = poolparty.getState()
      return { name, code: identity?.recoveryCode }
    })
  await expect.poll(async () => (await identity(ines)).code).toBeTruthy()
  const { code } = await identity(ines)
  const jack = await (await at.open()).newPage()
  await jack.goto(`${at.lan}/join`)
  await jack.locator('#name').fill('Jack')
  await jack.getByRole('button', { name: 'Start' }).click()
  await isIn(jack, 'working')
  await jack.getByText('Your name, and your other devices').click()
  await jack.getByLabel('Code from another of your devices').fill(code!)
  await jack.getByRole('button', { name: 'Use it here' }).click()
  await expect.poll(() => jack.getByLabel('Name', { exact: true }).inputValue()).toBe('Ines')
  // Over a reload and another Start too, on either device.
  for (const page of [jack, ines]) {
    await page.reload()
    await page.getByRole('button', { name: 'Start' }).click()
    await isIn(page, 'working')
    await expect.poll(() => identity(page)).toEqual({ name: 'Ines', code })
    await page.context().close()
  }
})

test('[D44] a paused tab stays paused over the reload that a newer version asks for', async () => {
  const { page, outdated } = await pageOfOldVersion()
  await page.getByRole('button', { name: 'Pause' }).click()
  await isIn(page, 'paused')
  const reloaded = page.waitForEvent('load')
  await outdated()
  await reloaded
  await isIn(page, 'paused')
  await page.getByRole('button', { name: 'Resume' }).click()
  await isIn(page, 'working')
  await page.context().close()
})

test('[U31] who comes from the live page by its button starts with one press too', async () => {
  const page = await (await at.open()).newPage()
  await page.goto(`${at.lan}/`)
  await page.getByRole('link', { name: 'Lend this device' }).click()
  await page.waitForURL('**/join')
  await isIn(page, 'ready')
  await page.locator('#name').fill('Ben')
  await page.getByRole('button', { name: 'Start' }).click()
  await isIn(page, 'working')
  await page.getByRole('button', { name: 'Stop' }).click()
  await isIn(page, 'stopped')
  await page.context().close()
})

test('[U8] own tiles appear on the page, and what they earn', async () => {
  const page = await (await at.open({ viewport: { width: 390, height: 844 } })).newPage()
  await page.goto(`${at.lan}/join`)
  await page.getByRole('button', { name: 'Start' }).click()
  await expect.poll(() => page.locator('.own-tiles canvas').count(), { timeout: 30_000 }).toBeGreaterThan(0)
  const painted = () =>
    page
      .locator('.picture-frame canvas')
      .last()
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
        return data.some((value, place) => place % 4 === 3 && value > 0)
      })
  await expect.poll(painted, { timeout: 30_000 }).toBe(true)
  await expect.poll(() => page.locator('.lend-story').textContent(), { timeout: 30_000 }).toMatch(/credits?/)
  // The three actions are on the screen without scrolling, low enough for a thumb.
  for (const name of ['Pause', 'Finish', 'Stop']) {
    const box = await page.getByRole('button', { name, exact: true }).boundingBox()
    expect(box!.y, name).toBeGreaterThan(600)
    expect(box!.y + box!.height, name).toBeLessThanOrEqual(844)
  }
  await page.context().close()
})

test('[U9] Start works though React never arrives', async () => {
  const page = await (await at.open()).newPage()
  await page.route(/\/_next\/static\/.*\.js/, (route) => route.abort())
  await page.goto(`${at.lan}/join`, { waitUntil: 'domcontentloaded' })
  await page.getByRole('button', { name: 'Start' }).click()
  await isIn(page, 'working')
  expect(await page.locator('[data-volunteer-text=headline]:visible').textContent()).not.toBe('Connecting to the pool.')
  await page.getByRole('button', { name: 'Stop' }).click()
  await isIn(page, 'stopped')
  await page.context().close()
})

test('[U10] a second tab offers to move the work instead of fighting for it', async () => {
  const context = await at.open()
  const first = await context.newPage()
  await first.goto(`${at.lan}/join`)
  await first.getByRole('button', { name: 'Start' }).click()
  await isIn(first, 'working')
  const second = await context.newPage()
  await second.goto(`${at.lan}/join`)
  const move = second.getByRole('button', { name: 'Move the work to this tab' })
  await move.click()
  await isIn(second, 'working')
  await isIn(first, 'elsewhere')
  expect(await first.locator('h1:visible').textContent()).toBe('Another tab computes')
  await context.close()
})

test('[U11] the scripts of /join weigh at most 200 kB gzipped', async () => {
  const page = await (await at.open()).newPage()
  const weighed = new Map<string, Promise<number>>()
  page.on('response', (response) => {
    if (/\.(m?js)(\?|$)/.test(response.url()))
      weighed.set(
        response.url(),
        response.body().then((body) => gzipSync(body).length),
      )
  })
  await page.goto(`${at.lan}/join`, { waitUntil: 'networkidle' })
  const sizes = await Promise.all(weighed.values())
  expect(sizes.length).toBeGreaterThan(2)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST_GZIPPED)
  await page.context().close()
})
