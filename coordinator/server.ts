import { readFileSync, realpathSync } from 'node:fs'
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { market } from '../market/server/market.ts'
import type { Application } from './application.ts'
import { parseConfig, type Setting } from './config.ts'
import { built, root } from './disk.ts'
import { createLog } from './log.ts'
import { type Coordinator, type Pages, startCoordinator } from './start.ts'
import { isKnown, startSentence } from './terminal.ts'

export type { Config } from './config.ts'
export { parseConfig } from './config.ts'
export { createLog } from './log.ts'
export { type Coordinator, startCoordinator } from './start.ts'

/** What stands beside the pool. */
export const applications: readonly Application[] = [market]

/** Nothing started; one sentence says why. */
const NOT_STARTED = 2
/** EX_SOFTWARE: the pool contradicted itself; the parent starts it again and it goes on from its store. */
const BROKEN = 70
/** Stopping takes this long at most; a second signal does not wait for it. */
const STOP_WITHIN_MS = 10_000
const WATCH_PARENT_MS = 1000
/** Signals this close together are one wish. */
const ONE_PRESS_MS = 500

/** Settings of applications, beside the pool's own. */
export function settingsOf(all: readonly Application[]): Readonly<Record<string, Setting>> {
  return Object.assign({}, ...all.map(({ settings }) => settings))
}

/** Next in this process: pages read the running coordinator through api(). */
async function nextPages(server: Server, dev: boolean): Promise<Pages> {
  const { default: next } = await import('next')
  const app = next({ dev, dir: root, httpServer: server, quiet: true })
  await app.prepare()
  const handle = app.getRequestHandler()
  return { handle: (request, response) => handle(request, response), close: () => app.close() }
}

async function main(): Promise<void> {
  const parsed = parseConfig(process.argv.slice(2), process.env, settingsOf(applications))
  if (parsed.type === 'help') return void process.stdout.write(`${parsed.text}\n`)
  if (parsed.type === 'wrong') return end(NOT_STARTED, parsed.sentence)
  const { config } = parsed
  const log = createLog()
  let running: Coordinator | null = null
  let stoppingSince = 0

  const stop = () => {
    if (stoppingSince > 0) {
      // One Ctrl-C comes from the terminal and again from the parent; only a second press means at once.
      if (Date.now() - stoppingSince > ONE_PRESS_MS) process.exit(0)
      return
    }
    stoppingSince = Date.now()
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref()
    // While starting nothing is acknowledged yet, so there is nothing to finish.
    if (!running) process.exit(0)
    running.close().then(
      () => process.exit(0),
      (error) => end(1, String(error?.message ?? error)),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  /** Starting again could not mend it: the parent would start the same thing for ever. */
  const cannotStart = (error: unknown) => {
    if (!isKnown(error, config)) log.error({ err: error }, 'the pool could not start')
    end(NOT_STARTED, startSentence(error, config))
  }
  const broken = (error: unknown) => {
    if (!running) cannotStart(error)
    log.fatal({ err: error }, 'the pool contradicted itself')
    process.exit(BROKEN)
  }
  process.on('uncaughtException', broken)
  // A page that fails to draw must not take the pool along.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'something failed that nobody waited for'))
  watchParent(stop)

  try {
    const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string }
    running = await startCoordinator(config, {
      kindsScript: built('kinds.mjs'),
      pages: nextPages,
      applications,
      version,
      log,
      broken,
    })
    // A parent starts the next one on the same port, should this one die.
    process.send?.({ port: running.port })
    process.stdout.write(running.banner)
  } catch (error) {
    cannotStart(error)
  }
}

/** A parent that was killed cannot pass a signal on; a coordinator left behind would hold port and data folder. */
function watchParent(gone: () => void): void {
  const parent = Number(process.env['POOLPARTY_PARENT'])
  if (parent !== process.ppid) return
  setInterval(() => process.ppid !== parent && gone(), WATCH_PARENT_MS).unref()
}

function end(code: number, sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(code)
}

const script = process.argv[1]
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) await main()
