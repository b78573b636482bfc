import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './files.mjs'
import { giveUp, run, step } from './run.mjs'
import { setUp } from './setup.mjs'

// `npm test`: sets everything up, then types, lint, dead code and every test. Arguments go to vitest and skip the
// checks: `npm test -- test/pool`.

await setUp().catch((error) => giveUp(String(error?.message ?? error)))
const browser = await findBrowser().catch((error) => giveUp(String(error?.message ?? error)))
const bin = (/** @type {string} */ name) => join(root, 'node_modules', name)
const chosen = process.argv.slice(2)

/** One type check per runtime: what a folder may see is decided by its tsconfig. */
const typeChecks = ['jobs', 'workers', 'node-agent', 'coordinator', '.']
/** @type {[label: string, args: string[]][]} */
const checks = [
  ...typeChecks.map(
    (config) =>
      /** @type {[string, string[]]} */ ([
        `Types (${config})`,
        [bin('typescript/bin/tsc'), '--noEmit', '--incremental', 'false', '-p', `${config}/tsconfig.json`],
      ]),
  ),
  ['Lint and format', [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings']],
  ['Unused files, exports and dependencies', [bin('knip/bin/knip.js')]],
]
let failedChecks = 0
if (chosen.length === 0)
  for (const [label, args] of checks) {
    try {
      await step(label, () => run(process.execPath, args, { env: { NO_COLOR: '1' } }))
      process.stdout.write(`✓ ${label}\n`)
    } catch (error) {
      failedChecks++
      process.stdout.write(`✗ ${label}\n${error instanceof Error ? error.message : error}\n`)
    }
  }

const report = join(tmpdir(), `poolparty-tests-${process.pid}.json`)
const vitest = spawn(
  process.execPath,
  [bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...chosen],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, CHROMIUM_PATH: browser } },
)
vitest.on('exit', async (code) => {
  const counts = JSON.parse(await readFile(report, 'utf8').catch(() => '{}'))
  await rm(report, { force: true })
  const failed = (counts.numFailedTests ?? 0) + failedChecks
  process.stdout.write(
    `${(counts.numPassedTests ?? 0) + (chosen.length === 0 ? checks.length - failedChecks : 0)} passed, ${failed} failed, ${(counts.numPendingTests ?? 0) + (counts.numTodoTests ?? 0)} skipped\n`,
  )
  process.exit(code === 0 && failed === 0 ? 0 : 1)
})

/**
 * Finds a Chromium for the end-to-end tests, or gets one: Playwright's own, else Debian's package when we may install it.
 * @returns {Promise<string>} path of the executable
 */
async function findBrowser() {
  const places = [
    process.env['CHROMIUM_PATH'] ?? '',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
  const found = places.find((path) => path !== '' && existsSync(path))
  if (found) return found
  const { chromium } = await import('playwright')
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await step('Installing Chromium', async () => {
      await run('apt-get', ['update', '-q'])
      await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], {
        env: { DEBIAN_FRONTEND: 'noninteractive' },
      })
    })
    return '/usr/bin/chromium'
  }
  await step('Downloading Chromium', () =>
    run(process.execPath, ['node_modules/playwright/cli.js', 'install', 'chromium']),
  )
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  throw new Error('No Chromium was found for the end-to-end tests. Install one and name it in CHROMIUM_PATH.')
}
