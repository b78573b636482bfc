import './node-version.mjs'
import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { giveUp, step } from './say.mjs'
import { root, setUp } from './setup.mjs'

// `npm test`: sets everything up, then types, lint, dead code and every test. Arguments go to vitest and skip the
// checks: `npm test -- test/pool`.

await setUp().catch((error) => giveUp(String(error?.message ?? error)))
const { findBrowser } = await import('./browser.mjs')
const { run } = await import('./run.mjs')
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
