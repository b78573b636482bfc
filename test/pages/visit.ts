import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright'
import { createHarness, type PoolOptions, type RunningPool, root } from '../gateway/harness.ts'
import { launch } from './chromium.ts'

// A pool with its pages and a Chromium beside it. Whatever a page complains about is kept: the console and refused
// requests are part of what is tested.

/** A name that is not "localhost": browsers give such a page only what plain http on a LAN gets. */
export const LAN_NAME = 'pool.test'

export interface Visit {
  readonly pool: RunningPool
  readonly browser: Browser
  /** The pool's address under its LAN name. */
  readonly lan: string
  /** Console errors, uncaught exceptions and requests to anywhere else, since the start. */
  readonly complaints: readonly string[]
  open(options?: BrowserContextOptions): Promise<BrowserContext>
  /** A context that is logged in. */
  openAdmin(options?: BrowserContextOptions): Promise<BrowserContext>
  submit(params: object, more?: object): Promise<string>
  /** Sends a file; its id. */
  send(name: string, text: string): Promise<string>
  stop(): Promise<void>
  /** On the same port, with the same data. */
  startAgain(): Promise<void>
  close(): Promise<void>
}

export async function visit(options: PoolOptions = {}): Promise<Visit> {
  if (!existsSync(join(root, '.next', 'BUILD_ID')))
    throw new Error('The pages are not built: run npm test, or next build.')
  const harness = await createHarness('poolparty-pages-')
  const pool = await harness.start({ ...options, pages: true })
  const { browser } = await launch([LAN_NAME])
  const complaints: string[] = []

  async function open(contextOptions: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext(contextOptions)
    context.on('page', (page) => listen(page, pool.port, complaints))
    return context
  }

  return {
    pool,
    browser,
    lan: `http://${LAN_NAME}:${pool.port}`,
    complaints,
    open,
    async openAdmin(contextOptions) {
      const context = await open(contextOptions)
      const origin = { origin: pool.url }
      const answer = await context.request.post(`${pool.url}/api/v1/login`, {
        data: { key: pool.adminKey },
        headers: origin,
      })
      if (!answer.ok()) throw new Error(`The login was refused: ${await answer.text()}`)
      return context
    },
    async submit(params, more = {}) {
      const answer = await pool.call('POST', '/jobs', { kind: 'fractal', params, ...more })
      if (answer.status !== 201) throw new Error(await answer.text())
      return ((await answer.json()) as { id: string }).id
    },
    async send(name, text) {
      const headers = { authorization: `Bearer ${pool.adminKey}` }
      const url = `${pool.url}/api/v1/files?name=${encodeURIComponent(name)}`
      const answer = await fetch(url, { method: 'PUT', headers, body: text })
      if (!answer.ok) throw new Error(await answer.text())
      return ((await answer.json()) as { id: string }).id
    },
    stop: () => pool.stop(),
    async startAgain() {
      await harness.start({ ...options, pages: true, dataDir: pool.dataDir, port: pool.port })
    },
    async close() {
      await browser.close()
      await harness.close()
    },
  }
}

function listen(page: Page, port: number, complaints: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (/^(https?|wss?):$/.test(protocol) && !host.endsWith(`:${port}`)) complaints.push(`${page.url()} asked ${host}`)
  })
}

/** A picture that takes one device longer than any test. */
export const LONG = {
  formula: 'mandelbrot',
  center: [-0.7463, 0.1102],
  span: 0.005,
  width: 8192,
  height: 5120,
  maxIterations: 60_000,
} as const
/** A picture that is there at once. */
export const SHORT = {
  formula: 'mandelbrot',
  center: [-0.5, 0],
  span: 3,
  width: 320,
  height: 200,
  maxIterations: 200,
} as const
