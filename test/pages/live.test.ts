import { afterAll, beforeAll, expect, test } from 'vitest'
import { LONG, type Visit, visit } from './visit.ts'

// What everyone watches: it grows by itself, and says so when it cannot.

let at: Visit

beforeAll(async () => {
  at = await visit()
})
afterAll(() => at?.close())

test('[U17] an empty pool says what to do next, on every list', async () => {
  const page = await (await at.open()).newPage()
  for (const [path, words] of [
    ['/', /nothing to show yet.*Lend this device/s],
    ['/jobs', /No job yet\. Give the pool something to compute/],
    ['/leaderboard', /Nobody yet\. Lend this device/],
    ['/screen', /Scan the code and press Start/],
  ] as const) {
    await page.goto(at.pool.url + path)
    await expect.poll(() => page.locator('main').textContent(), { message: path }).toMatch(words)
  }
  await page.context().close()
})

test('[U18] the live page and the wall show a job the moment it is there, and its tiles as they land', async () => {
  const context = await at.open()
  const [home, wall, volunteer] = [await context.newPage(), await context.newPage(), await context.newPage()]
  await home.goto(`${at.pool.url}/`)
  await wall.goto(`${at.pool.url}/screen`)
  expect(await wall.locator('svg.wall-qr').getAttribute('aria-label')).toMatch(/QR code of http.*\/join$/)
  await volunteer.goto(`${at.pool.url}/join`)
  await volunteer.locator('#name').fill('Noor')
  await volunteer.getByRole('button', { name: 'Start' }).click()
  await at.submit(LONG, { trust: 'fast' })
  await expect.poll(() => home.locator('h1').textContent(), { timeout: 20_000 }).toBe('One person is computing this')
  await expect.poll(() => home.locator('.landing').count(), { timeout: 30_000 }).toBeGreaterThan(0)
  await expect.poll(() => wall.locator('.signature').first().textContent(), { timeout: 30_000 }).toBe('Noor')
  await context.close()
})

test('[U19] a page that lost the pool says when it was last updated, and goes on when the pool is back', async () => {
  const page = await (await at.open()).newPage()
  const heard = new Promise<void>((resolve) => {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (payload.includes('pool')) resolve()
      }),
    )
  })
  await page.goto(`${at.pool.url}/`)
  // The note says when something last came in, so something must have.
  await heard
  await at.stop()
  const note = page.locator('[role=status]', { hasText: 'Last updated' })
  await note.waitFor()
  expect(await note.textContent()).toMatch(/Not connected\. Last updated \d\d:\d\d:\d\d; trying again\./)
  await at.startAgain()
  await note.waitFor({ state: 'hidden' })
  await page.context().close()
})
