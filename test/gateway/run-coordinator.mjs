// A coordinator as a process of its own, for tests and benchmarks that kill it. Told by JSON on its command line.

import { join } from 'node:path'

const root = join(import.meta.dirname ?? '', '..', '..')
const { argv, kindsScript, kernelsDir, clockOffsetMs = 0 } = JSON.parse(process.argv[2] ?? '{}')

if (clockOffsetMs !== 0) {
  // The host's clock is wrong by so much, in this thread.
  const RightDate = Date
  globalThis.Date = /** @type {any} */ (
    class extends RightDate {
      /** @param {any[]} args */
      constructor(...args) {
        if (args.length === 0) super(RightDate.now() + clockOffsetMs)
        else super(.../** @type {[any]} */ (args))
      }
      static now() {
        return RightDate.now() + clockOffsetMs
      }
    }
  )
}
const { applications, createLog, parseConfig, settingsOf, startCoordinator } = await import(
  join(root, 'build', 'server.mjs')
)

const parsed = parseConfig(argv, {}, settingsOf(applications))
if (parsed.type !== 'config') throw new Error(parsed.sentence ?? 'no config')
/** @param {unknown} error */
const broken = (error) => {
  console.error(error)
  process.exit(70)
}
const running = await startCoordinator(parsed.config, {
  kindsScript,
  kernelsDir,
  pages: null,
  applications,
  version: '0.0.0',
  log: createLog('warn'),
  broken,
})
process.on('SIGTERM', () => void running.close().then(() => process.exit(0)))
process.stdout.write(`Ready: ${running.url}\n`)
