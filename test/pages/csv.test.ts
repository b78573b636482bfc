import AxeBuilder from '@axe-core/playwright'
import { parse } from 'csv-parse/sync'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CsvResult } from '../../jobs/csv/shapes.ts'
import type { FileView, JobView } from '../../protocol/api.ts'
import { until } from '../gateway/device.ts'
import { type Visit, visit } from './visit.ts'

// A small price file with everything wrong in it that exporters get wrong, over the whole path to the page, held against a
// straight reading of its lines.

const ROWS = 4000
const BAD = { 7: 'n/a', 1203: '-1.5', 2999: '1.1.1' } as const

let at: Visit
let job: JobView
let page: Page
let admin: Page
const lines = Array.from({ length: ROWS }, (_, row) => {
  const time = new Date(Date.UTC(2019, 10, 1) + row * 60_000 + (row > 2000 ? 3 * 86_400_000 : 0)).toISOString()
  const ask = BAD[row as keyof typeof BAD] ?? (row % 500 === 499 ? '' : (1.1 + ((row * 7919) % 1009) / 1e5).toFixed(5))
  const bid = (1.0895 + ((row * 104_729) % 997) / 1e5).toFixed(5)
  return `${time},${ask},${bid},${row % 13},${(row * 31) % 7}${row === 1500 ? ',left over' : ''}`
})

beforeAll(async () => {
  at = await visit({ work: true })
  const sent = await fetch(`${at.pool.url}/api/v1/files?name=prices.csv`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${at.pool.adminKey}` },
    body: `Time,Ask,Bid,AskVolume,BidVolume\n${lines.join('\n')}\n`,
  })
  const { id: file } = (await sent.json()) as FileView
  const params = { file, groupBy: 'hour', histogram: { bins: 40, min: 1.09, max: 1.12 } }
  const submitted = await at.pool.call('POST', '/jobs', { kind: 'csv', params, trust: 'fast' })
  const { id } = (await submitted.json()) as JobView
  job = await until(async () => {
    const now = (await (await at.pool.call('GET', `/jobs/${id}`)).json()) as JobView
    return now.status === 'done' && now
  })
  const look = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' } as const
  const [stranger, owner] = await Promise.all([at.open(look), at.openAdmin(look)])
  page = await stranger.newPage()
  admin = await owner.newPage()
  await Promise.all([page.goto(`${at.lan}/jobs/${job.id}`), admin.goto(`${at.pool.url}/jobs/${job.id}`)])
  await page.getByRole('button', { name: 'Low price' }).waitFor()
}, 120_000)
afterAll(() => at?.close())

/** A column read line by line. */
function straight(column: number) {
  const cells = lines.map((line) => line.split(',')[column] ?? '')
  const values = cells.flatMap((cell, row) => (/^\d+(\.\d+)?$/.test(cell) ? [{ row, value: Number(cell) }] : []))
  const least = values.reduce((a, b) => (b.value < a.value ? b : a))
  const most = values.reduce((a, b) => (b.value > a.value ? b : a))
  const empty = cells.filter((cell) => cell === '').length
  return { count: values.length, empty, invalid: ROWS - values.length - empty, least, most }
}

const grouped = (value: number) => value.toLocaleString('en-US')
const timeOf = (row: number) => {
  const [date = '', clock = ''] = lines[row]!.split(',')[0]!.slice(0, 19).split('T')
  const month = new Date(date).toLocaleString('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
  return `${month}, ${clock} UTC`
}
const told = async (where: Page, name: string) =>
  (await where.getByRole('region', { name }).allInnerTexts()).join(' ').replace(/\s+/g, ' ')

test('[K27] the page shows the figures of a straight reading', async () => {
  const cells = await page
    .getByRole('region', { name: 'Every column' })
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('th, td[data-label]')].map((cell) => cell.textContent)),
    )
  for (const [at, name] of ['Ask', 'Bid', 'AskVolume', 'BidVolume'].entries()) {
    const { count, empty, invalid, least, most } = straight(at + 1)
    const [shown, values, empties, invalids, lowest, , , highest] = cells[at]!
    expect([shown, values, empties, invalids, lowest, highest]).toEqual([
      ...[name, grouped(count), grouped(empty), grouped(invalid)],
      ...[String(least.value), String(most.value)],
    ])
  }
  const result = page.locator('section[aria-label="Result"]')
  expect(await result.locator('h2').first().textContent()).toBe(
    '4,000 rows, 4 columns of numbers, from 1 Nov 2019 to 6 Nov 2019 UTC.',
  )
  expect(await told(page, 'In order of time')).toMatch(
    /1 gap is longer than a minute, 1 longer than an hour, 1 longer than a day.*3 days/,
  )
})

test('[K27] "Low price" and "High price" are one click each: value, row and time of Ask and Bid', async () => {
  for (const [button, which] of [
    ['Low price', 'least'],
    ['High price', 'most'],
  ] as const) {
    await page.getByRole('button', { name: button }).click()
    const words = await told(page, 'Low and high price')
    for (const [at, name] of ['Ask', 'Bid'].entries()) {
      const { value, row } = straight(at + 1)[which]
      expect(words).toContain(`${button}, ${name} ${value}`)
      expect(words).toContain(`row ${grouped(row)}, ${timeOf(row)}`)
      // Plain http has no clipboard of its own; what is copied is the exact value.
      const figure = page.getByRole('button', { name: `copy ${value}` }).first()
      await figure.click()
      await expect.poll(() => figure.locator('+ *').textContent()).toBe('Copied')
    }
  }
})

test('[K27] candles are drawn, and told hour by hour', async () => {
  await page.locator('.csv-chart canvas').waitFor()
  await page.getByText('The hours as a table').click()
  const first = lines
    .slice(0, 60)
    .flatMap((line) => (Number(line.split(',')[1]) > 0 ? [Number(line.split(',')[1])] : []))
  const row = page.locator('.csv-chart ~ details tbody tr').first()
  await row.waitFor()
  expect(await row.locator('th, td:not([data-label="volume"])').allTextContents()).toEqual([
    '1 Nov 2019, 00:00 to 01:00 UTC',
    ...[first[0], Math.max(...first), Math.min(...first), first.at(-1)].map(String),
    String(first.length),
  ])
  // A closer look by keyboard shows hours one by one, and says so.
  await page.getByLabel('Look at one candle').press('Home')
  const words = await page.locator('#csv-candle').textContent()
  expect(words).toMatch(/^1 Nov 2019, 00:00 to \d\d:00 UTC: opened at/)
})

test('[K28] the admin sees the wrong rows themselves, a visitor only where and why', async () => {
  const seen = await told(page, 'What was wrong')
  expect(seen).toMatch(/1,203 .* Ask below zero/)
  expect(seen).toMatch(/1,500 .* whole row more cells than columns/)
  const wrong = admin.getByRole('region', { name: 'What was wrong' })
  for (const row of [7, 1203, 1500, 2999]) {
    await wrong.getByText(lines[row]!, { exact: true }).waitFor()
    expect(await page.content()).not.toContain(lines[row])
  }
  expect(await wrong.locator('mark').allTextContents()).toEqual(expect.arrayContaining(Object.values(BAD)))
})

test('[K27] what is downloaded is what the API says', async () => {
  const answer = async (path: string) => (await fetch(at.pool.url + path)).text()
  const links = await page
    .locator('a[download]')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
  const [json = '', csv = '', groups = ''] = await Promise.all(links.slice(0, 3).map(answer))
  const result = JSON.parse(json) as CsvResult
  const rows = parse(csv, { columns: true }) as Record<string, string>[]
  expect(rows.map(({ column }) => column)).toEqual(['Ask', 'Bid', 'AskVolume', 'BidVolume', 'Ask - Bid'])
  for (const [at, { column = '', count, min, maxRow, mean }] of rows.slice(0, 4).entries()) {
    const { least, most, ...counts } = straight(at + 1)
    expect([Number(count), Number(min), Number(maxRow)]).toEqual([counts.count, least.value, most.row])
    expect(Number(mean)).toBe(result.columns[column]!.mean)
  }
  expect((parse(groups, { columns: true }) as unknown[]).length).toBe(result.groups!.items.length)
})

test('[K27] the result is for everybody: axe in both themes, 320 px, nothing to complain of; a deleted file is said', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
    const axe = new AxeBuilder({ page }).include('main')
    const { violations } = await (colorScheme === 'light' ? axe : axe.withRules('color-contrast')).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  }
  for (const one of [page, admin]) {
    await one.setViewportSize({ width: 320, height: 640 })
    expect(await one.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  }
  expect(at.complaints).toEqual([])
  expect((await at.pool.call('DELETE', `/files/${(job.params as { file: string }).file}`)).status).toBe(204)
  await admin.reload()
  await admin.getByText('The file of this job was deleted meanwhile.').waitFor()
  expect(await told(admin, 'What was wrong')).toMatch(/1,203 .* Ask below zero/)
})
