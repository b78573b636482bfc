import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Visit, visit } from './visit.ts'

// A pool that asks for a key.

const KEY = 'open-sesame-2026'
let at: Visit

beforeAll(async () => {
  at = await visit({ flags: ['--pool-key', KEY] })
})
afterAll(() => at?.close())

test('[U24] the code hangs on the wall only after the admin unlocked that screen', async () => {
  const stranger = await (await at.open()).newPage()
  await stranger.goto(`${at.pool.url}/screen`)
  expect(await stranger.locator('svg.wall-qr').count()).toBe(0)
  expect(await stranger.content()).not.toContain(KEY)
  const wall = await (await at.openAdmin()).newPage()
  await wall.goto(`${at.pool.url}/screen`)
  expect(await wall.locator('svg.wall-qr').count()).toBe(1)
  expect(await wall.locator('.wall-link').textContent()).toMatch(/\/join$/)
})

test('[U25] the link with the key lets a volunteer in and shows the pool; without it the page says what to do', async () => {
  const stranger = await (await at.open()).newPage()
  await stranger.goto(`${at.lan}/join`)
  await stranger.getByRole('button', { name: 'Start' }).click()
  await expect.poll(() => stranger.locator('h1:visible').textContent()).toBe('This pool asks for a key')
  const guest = await (await at.open()).newPage()
  await guest.goto(`${at.lan}/join#key=${KEY}`)
  expect(guest.url()).not.toContain(KEY)
  await guest.getByRole('button', { name: 'Start' }).click()
  await expect.poll(() => guest.evaluate(() => document.documentElement.dataset['volunteer'])).toBe('working')
  await expect
    .poll(() =>
      guest
        .context()
        .cookies()
        .then((cookies) => cookies.length),
    )
    .toBeGreaterThan(0)
  await guest.goto(`${at.lan}/jobs`)
  await expect.poll(() => guest.locator('h1').textContent()).toBe('Jobs')
})
