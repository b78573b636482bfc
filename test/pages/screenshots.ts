import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import { fractal } from '../../jobs/fractal/index.ts'
import { root } from '../gateway/harness.ts'
import { visit } from './visit.ts'

// `npm run picture`: the README's picture, taken from the real pages of a pool with three volunteers in the middle of a job.

const WALL = { width: 1600, height: 900 }
const PHONE = { width: 390, height: 844 }
const PEOPLE = ['Ada', 'Noor', 'Grandpa’s laptop'] as const
/** The picture is half there: one sees what it becomes, and that it becomes. */
const ENOUGH = 0.45
const PICTURE = fractal.gallery[0]!.params

const at = await visit({ flags: ['--name', 'Room 204'] })
try {
  const look = { colorScheme: 'dark', deviceScaleFactor: 1 } as const
  const wall = await (await at.open({ ...look, viewport: WALL })).newPage()
  await wall.goto(`${at.lan}/screen`)
  const contexts: BrowserContext[] = []
  for (const _ of PEOPLE) contexts.push(await at.open({ ...look, viewport: PHONE, isMobile: true }))
  const tabs = await Promise.all(PEOPLE.map((name, place) => lend(contexts[place]!, name)))
  const job = await at.submit(PICTURE, { trust: 'fast' })
  await untilDone(job, ENOUGH)
  await wall.locator('.signature').nth(1).waitFor()
  const shots = await Promise.all([wall.screenshot(), tabs[0]!.screenshot()])
  const out = join(root, 'docs', 'picture.png')
  mkdirSync(join(root, 'docs'), { recursive: true })
  writeFileSync(out, await sideBySide(shots))
  console.log(out)
} finally {
  await at.close()
}

async function lend(context: BrowserContext, name: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${at.lan}/join`)
  await page.locator('#name').fill(name)
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  return page
}

async function untilDone(job: string, share: number): Promise<void> {
  for (;;) {
    const { tasksDone, taskCount } = (await (await at.pool.call('GET', `/jobs/${job}`)).json()) as Record<
      string,
      number
    >
    if (tasksDone! / taskCount! >= share) return
  }
}

/** The wall, and beside it a phone as high as the wall. */
async function sideBySide(shots: readonly Buffer[]): Promise<Buffer> {
  const [left, right] = shots.map((shot) => `data:image/png;base64,${shot.toString('base64')}`)
  const page = await at.browser.newPage({ viewport: { width: 1398, height: 632 } })
  await page.setContent(`<body style="margin:0;background:transparent;display:flex;gap:16px;padding:16px">
    <img src="${left}" style="height:600px;border-radius:16px"><img src="${right}" style="height:600px;border-radius:32px"></body>`)
  await page.waitForFunction(() => [...document.images].every((image) => image.complete))
  return page.screenshot({ omitBackground: true })
}
