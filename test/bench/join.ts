import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright'
import { root } from '../gateway/harness.ts'
import { launch } from '../pages/chromium.ts'
import { type BenchLine, median } from './line.ts'
import { openRoom } from './room.ts'

const RUNS = 5

/** What a newcomer waits for and downloads. */
export async function joinBench(): Promise<BenchLine[]> {
  const { gzipBytes } = JSON.parse(await readFile(join(root, 'public/runtime/manifest.json'), 'utf8'))
  const kernels = JSON.parse(await readFile(join(root, 'public/kernels/manifest.json'), 'utf8'))
  const room = await openRoom({ agents: 0, pages: true })
  const { browser } = await launch()
  const fromNavigation: number[] = []
  const fromStart: number[] = []
  let pageBytes = 0
  try {
    await room.submit({
      kind: 'fractal',
      params: { formula: 'mandelbrot', center: [-0.5, 0], span: 3, width: 8192, height: 8192, maxIterations: 1000 },
      trust: 'fast',
    })
    pageBytes = await scriptBytes(await browser.newPage(), `${room.pool.url}/join`)
    for (let run = 0; run < RUNS; run++) {
      const context = await browser.newContext()
      const page = await context.newPage()
      const startedAt = performance.now()
      await page.goto(`${room.pool.url}/join`, { waitUntil: 'commit' })
      await page.locator('form#start button[type=submit]').click()
      const pressedAt = performance.now()
      await page.waitForFunction(() => (window.poolparty?.getState().tasksKept ?? 0) > 0, undefined, { polling: 5 })
      fromNavigation.push(performance.now() - startedAt)
      fromStart.push(performance.now() - pressedAt)
      await context.close()
    }
  } finally {
    await browser.close()
    await room.close()
  }
  const kernelBytes = Object.entries(kernels as Record<string, { gzipBytes: number }>)
  return [
    { bench: 'join: navigation to first result', value: median(fromNavigation), unit: 'ms', runs: RUNS, trust: 'fast' },
    { bench: 'join: Start to first result', value: median(fromStart), unit: 'ms', runs: RUNS, trust: 'fast' },
    {
      bench: 'join: session and worker',
      value: (gzipBytes.session + gzipBytes.compute) / 1000,
      unit: 'kB gzipped',
      runs: 1,
    },
    { bench: 'join: runtime in the page', value: gzipBytes.page / 1000, unit: 'kB gzipped', runs: 1 },
    { bench: "join: the page's own scripts", value: pageBytes / 1000, unit: 'kB gzipped', runs: 1 },
    ...kernelBytes.map(([kind, { gzipBytes: bytes }]) => ({
      ...{ bench: `join: kernel ${kind}`, value: bytes / 1000, unit: 'kB gzipped', runs: 1 },
    })),
  ]
}

/** Gzipped bytes of the scripts that a page loads by itself. */
async function scriptBytes(page: Page, url: string): Promise<number> {
  const scripts: Promise<Buffer>[] = []
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (pathname.startsWith('/_next/') && pathname.endsWith('.js')) scripts.push(response.body())
  })
  await page.goto(url, { waitUntil: 'networkidle' })
  const bodies = await Promise.all(scripts)
  await page.close()
  return bodies.reduce((sum, body) => sum + gzipSync(body).length, 0)
}
