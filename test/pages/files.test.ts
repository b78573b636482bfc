import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FileView, JobView } from '../../protocol/api.ts'
import { type Visit, visit } from './visit.ts'

// A file on its way through the page, on a plain http LAN origin, over a line slow enough to be interrupted.

const ROWS = 150_000
const TEXT = `Time,Ask\n${Array.from({ length: ROWS }, (_, i) => `2019-11-01 10:00,${i / 100}\n`).join('')}`
const SLOW = 500_000

let at: Visit
let folder: string
beforeAll(async () => {
  at = await visit()
  folder = await mkdtemp(join(tmpdir(), 'poolparty-upload-'))
  await writeFile(join(folder, 'prices.csv'), TEXT)
})
afterAll(async () => {
  await at?.close()
  await rm(folder, { recursive: true, force: true })
})

async function open(): Promise<Page> {
  const page = await (await at.open()).newPage()
  page.on('dialog', (dialog) => dialog.accept())
  await page.goto(`${at.lan}/admin/files`)
  await page.getByLabel('Admin key').fill(at.pool.adminKey)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/admin/files')
  return page
}
const choose = (page: Page) => page.locator('input[type=file]').setInputFiles(join(folder, 'prices.csv'))
const line = async (page: Page) => {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  return (uploadThroughput: number) =>
    cdp.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    })
}
const share = async (page: Page) => Number(await page.getByRole('progressbar').getAttribute('aria-valuenow'))

test('[I22] the page sends a file, goes on after a kill of the pool and after a reload, and says when it is here', async () => {
  const page = await open()
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  await page.getByText('No file yet').waitFor()
  const sent: { method: string; offset: number }[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/api/v1/uploads') && ['POST', 'PATCH'].includes(request.method()))
      sent.push({ method: request.method(), offset: Number(request.headers()['upload-offset'] ?? -1) })
  })
  const speed = await line(page)
  await speed(SLOW)
  await choose(page)
  await expect.poll(() => share(page), { timeout: 20_000 }).toBeGreaterThan(10)
  await page.getByText(/MB of 3\.\d MB, \d+ %\. \d+ kB a second, .* left\./).waitFor()

  await at.pool.kill()
  await page.getByText('goes on by itself').waitFor()
  const before = await share(page)
  await at.startAgain()
  await expect.poll(() => share(page), { timeout: 30_000 }).toBeGreaterThan(before + 5)
  expect(sent.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH'])
  expect(sent.at(-1)!.offset).toBeGreaterThan(0)

  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Paused.').waitFor()
  await page.reload()
  await page.getByText('Choose the same file again').waitFor()
  await speed(-1)
  await choose(page)
  await expect
    .poll(() => page.getByRole('status').allTextContents(), { timeout: 20_000 })
    .toContain('prices.csv is here: 150K rows.')
  expect(sent.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH'])
  expect(sent.at(-1)!.offset).toBeGreaterThan(sent.at(-2)!.offset)
  const { items } = (await (await at.pool.call('GET', '/files')).json()) as { items: FileView[] }
  expect(items).toMatchObject([{ name: 'prices.csv', bytes: TEXT.length, rows: ROWS }])
  await page.context().close()
}, 120_000)

test('[I23] a file leads to what can be computed from it, and is deleted only when no job needs it', async () => {
  const page = await open()
  const { items } = (await (await at.pool.call('GET', '/files')).json()) as { items: FileView[] }
  const file = items[0]!.id
  const row = page.getByRole('row', { name: /prices\.csv/ })
  expect(await row.getByRole('link', { name: /^Compute statistics/ }).getAttribute('href')).toBe(
    `/admin/new?kind=csv&file=${file}`,
  )
  const answer = await at.pool.call('POST', '/jobs', { kind: 'csv', params: { file, statistics: 'extremes' } })
  const job = (await answer.json()) as JobView
  await page.reload()
  await row.getByText(`Being read by ${job.title}`).waitFor()
  const askToDelete = async () => {
    await row.getByRole('button', { name: /^Delete/ }).click()
    await page.getByRole('alertdialog', { name: 'Really delete?' }).getByRole('button', { name: 'Yes' }).click()
  }
  await askToDelete()
  await row.getByText('A job that has not ended reads this file.').waitFor()
  await at.pool.call('POST', `/jobs/${job.id}/cancel`)
  await askToDelete()
  await page.getByText('No file yet').waitFor()
  await page.context().close()
})

test('[I23] what cannot be taken says why in its row until it is dismissed', async () => {
  const page = await open()
  // Dropped somewhere on the page, not on its drop area.
  const dataTransfer = await page.evaluateHandle(() => {
    const dropped = new DataTransfer()
    dropped.items.add(new File([Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 251)], 'holiday.jpg'))
    return dropped
  })
  // As soon as the page listens.
  const hung = async () => {
    await page.dispatchEvent('h1', 'dragenter', { dataTransfer })
    return page.getByText('Let go to bring it in').count()
  }
  await expect.poll(hung).toBe(1)
  await page.dispatchEvent('h1', 'drop', { dataTransfer })
  await page.getByText('This file is not text').waitFor()
  await page.reload()
  await page.getByText('This file is not text').waitFor()
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect.poll(() => page.getByText('This file is not text').count()).toBe(0)
  await page.getByText('Start the pool with').waitFor()
  await page.context().close()
})
