import { afterAll, beforeAll, expect, test } from 'vitest'
import { SHORT, type Visit, visit } from './visit.ts'

// The admin's way from the key to a finished picture, and what everyone sees of it.

let at: Visit

beforeAll(async () => {
  at = await visit()
})
afterAll(() => at?.close())

test('[U12] the login says what is wrong, keeps what was typed, and leads where one wanted to go', async () => {
  const page = await (await at.open()).newPage()
  await page.goto(`${at.pool.url}/admin/new`)
  await page.getByLabel('Admin key').focus()
  await page.keyboard.type('guessed')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('#key-wrong').textContent()).toMatch(/not right/)
  expect(await page.getByLabel('Admin key').inputValue()).toBe('guessed')
  await page.getByLabel('Admin key').fill(at.pool.adminKey)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/admin/new')
  await page.context().close()
})

test('[U13] a wrong field says so beside itself, keeps its text, and nothing runs', async () => {
  const page = await (await at.openAdmin()).newPage()
  await page.goto(`${at.pool.url}/admin/new`)
  const width = page.getByLabel('Width, pixels')
  await width.fill('1.5')
  const problem = page.locator(
    `#${await page.evaluate(() => CSS.escape(document.querySelector('[aria-invalid=true]')?.getAttribute('aria-describedby') ?? ''))}`,
  )
  expect(await problem.textContent()).toBe('Width must be a whole number from 1 to 16384. You wrote 1.5.')
  await page.getByRole('button', { name: 'Run' }).click()
  expect(await width.inputValue()).toBe('1.5')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true')
  expect(page.url()).toMatch(/\/admin\/new$/)
  await page.context().close()
})

test('[U14] the preview is drawn by the kind’s own kernel, and keys move about in it', async () => {
  const page = await (await at.openAdmin()).newPage()
  await page.goto(`${at.pool.url}/admin/new`)
  await page.locator('.gallery button').nth(1).click()
  const drawn = () =>
    page.locator('.explore canvas').evaluate((canvas: HTMLCanvasElement) => canvas.width * canvas.height)
  await expect.poll(drawn, { timeout: 30_000 }).toBeGreaterThan(10_000)
  const title = page.locator('.run-bar p').first()
  const before = await title.textContent()
  await page.locator('.explore').focus()
  await page.keyboard.press('+')
  await expect.poll(() => title.textContent()).not.toBe(before)
  await page.context().close()
})

test('[U15] [U30] Run leads to the job, whose page grows by itself into picture, shares and downloads, and prints', async () => {
  const context = await at.openAdmin()
  const volunteer = await context.newPage()
  await volunteer.goto(`${at.pool.url}/join`)
  await volunteer.locator('#name').fill('Ben')
  await volunteer.getByRole('button', { name: 'Start' }).click()
  const page = await context.newPage()
  await page.goto(`${at.pool.url}/admin/new`)
  await page.locator('.gallery button').nth(1).click()
  await page.getByLabel('Width, pixels').fill('640')
  await page.getByLabel('Height, pixels').fill('400')
  await page.getByText('The first result counts').click()
  await page.getByRole('button', { name: 'Run' }).click()
  await page.waitForURL('**/jobs/**')
  await page.getByRole('link', { name: 'Download PNG' }).waitFor({ timeout: 60_000 })
  await expect
    .poll(() => page.getByRole('region', { name: 'Who did what' }).textContent(), { timeout: 20_000 })
    .toMatch(/Ben.*100 %/s)
  await page.getByRole('button', { name: 'Show who did it' }).click()
  expect(await page.locator('figure svg path title').first().textContent()).toBe('Ben')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download PNG' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/\.png$/)

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  const ink = (place: string) =>
    page
      .locator(place)
      .first()
      .evaluate((element) => getComputedStyle(element).color)
  expect(await ink('h1')).toBe('rgb(0, 0, 0)')
  expect(await page.locator('.person-line').textContent()).toMatch(/Ben/)
  expect(await page.locator('.person-line').isVisible()).toBe(true)
  expect(await page.locator('nav:visible, .do:visible, .act:visible').count()).toBe(0)
  const written = page.locator('time').first()
  expect(await written.evaluate((time) => getComputedStyle(time, '::after').content)).toMatch(/\d{4}, \d\d:\d\d/)
  await context.close()
})

test('[K24] a file is looked at before it is computed: what is changed is seen, and Run asks for what was chosen', async () => {
  const gone = await at.send('gone.csv', 'a,b\n1,2\n')
  const file = await at.send('prices.csv', 'Time;Ask;Bid\n2019-11-01;1,5;1,25\n2019-11-02;2,5;x\n')
  const page = await (await at.open()).newPage()
  // A plain http name of the LAN, and the login on the way.
  await page.goto(`${at.lan}/admin/new?kind=csv&file=${gone}`)
  await page.getByLabel('Admin key').fill(at.pool.adminKey)
  await page.keyboard.press('Enter')
  const rows = page.getByRole('region', { name: 'The first rows of the file' })
  const marked = () => rows.locator('td:has(em)').allTextContents()
  await rows.waitFor()
  expect(await rows.locator('td').allTextContents()).toEqual(['1', '2'])
  await at.pool.call('DELETE', `/files/${gone}`)
  await page.getByLabel('The first line holds').selectOption('Values like all others')
  await expect.poll(() => page.locator('main').textContent()).toMatch(/There is no such file/)
  await page.getByLabel('File', { exact: true }).selectOption(file)
  await expect.poll(marked).toEqual(['xnot a number'])

  await page.getByLabel('Decimal sign').selectOption('Point, as in 1.5')
  await expect.poll(marked).toEqual(['1,5not a number', '1,25not a number', '2,5not a number', 'xnot a number'])
  await page.getByLabel('Decimal sign').selectOption('Detected: comma, as in 1,5')
  await page.getByLabel('Lowest price').fill('two')
  const complaint = 'The lowest price must be a number. You wrote "two".'
  await expect.poll(() => page.getByText(complaint).first().isVisible()).toBe(true)
  await page.getByRole('button', { name: 'Run' }).click()
  expect(await page.getByLabel('Lowest price').inputValue()).toBe('two')
  await page.getByLabel('Lowest price').fill('2')
  await expect.poll(marked).toEqual(['1,5outside the price range', '1,25outside the price range', 'xnot a number'])

  await page.getByRole('button', { name: 'None' }).click()
  await expect.poll(() => page.getByText('Choose at least one column').first().isVisible()).toBe(true)
  await page.getByRole('checkbox', { name: 'Ask' }).press('Space')
  await expect.poll(marked).toEqual(['1,5outside the price range'])
  await page.getByRole('radio', { name: /^Lowest and highest/ }).check()
  await page.getByLabel('Keep it on the host').check()
  await page.getByRole('button', { name: 'Run' }).click()
  await page.waitForURL('**/jobs/**')
  const path = `/jobs/${page.url().split('/').at(-1)}`
  const job = await (await at.pool.call('GET', path)).json()
  expect(job).toMatchObject({
    ...{ kind: 'csv', devices: 'host' },
    params: { file, statistics: 'extremes', columns: ['Ask'], price: { min: 2 } },
  })
  await at.pool.call('DELETE', path)
  await page.context().close()
})

test('[U16] jobs are paused, resumed, cancelled and deleted, devices renamed and people hidden, each in its row', async () => {
  await at.submit({ ...SHORT, maxIterations: 250 })
  const page = await (await at.openAdmin()).newPage()
  await page.goto(`${at.pool.url}/admin`)
  const row = page.locator('ul.rows > li').first()
  const sure = (question: string) =>
    page.getByRole('alertdialog', { name: question }).getByRole('button', { name: 'Yes' }).click()
  await row.getByRole('button', { name: 'Pause' }).click()
  await row.getByRole('button', { name: 'Resume' }).waitFor()
  await row.getByRole('button', { name: 'Resume' }).click()
  await row.getByRole('button', { name: 'Cancel' }).click()
  await sure('Really cancel?')
  await expect.poll(() => row.textContent()).toMatch(/Cancelled/)
  const before = await page.locator('ul.rows > li').count()
  await row.getByRole('button', { name: 'Delete' }).click()
  await sure('Really delete?')
  await expect.poll(() => page.locator('ul.rows > li').count()).toBe(before - 1)

  await page.goto(`${at.pool.url}/admin/devices`)
  const device = page.locator('tbody tr').first()
  await device.getByText('Change').click()
  await page.getByLabel('Device’s name').fill('Kitchen laptop')
  await page.getByRole('button', { name: 'Rename' }).first().click()
  await expect.poll(() => device.locator('th').textContent()).toMatch(/Kitchen laptop/)

  await page.getByRole('button', { name: 'Hide the person' }).click()
  await expect.poll(() => device.locator('th').textContent()).toMatch(/hidden from public pages/)
  await page.reload()
  await device.getByText('Change').click()
  await page.getByRole('button', { name: 'Show the person again' }).click()
  await expect.poll(() => device.locator('th').textContent()).not.toMatch(/hidden/)
  await page.context().close()
})
