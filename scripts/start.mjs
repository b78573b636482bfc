import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './files.mjs'
import { giveUp } from './run.mjs'
import { setUp } from './setup.mjs'

// Sets everything up and keeps the coordinator running: one that ended by itself (a broken invariant, an
// out-of-memory kill) is started again and goes on from its store.

const args = process.argv.slice(2)
if (!args.includes('--help')) await setUp().catch((error) => giveUp(String(error?.message ?? error)))

/** It could not start, and has said why in a sentence. */
const NOT_STARTED = 2
/** A coordinator that lived this long is not in a crash loop. */
const STEADY_MS = 60_000
const MAX_PAUSE_MS = 30_000

let pauseMs = 500
/** Where the first coordinator that was ready listened: open pages and the code on the wall must find the next one there. */
let port = ''
/** @type {import('node:child_process').ChildProcess | undefined} */
let child
/** @type {NodeJS.Signals | undefined} */
let stopping
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => {
    stopping = signal
    if (!child) process.exit(0)
    // A terminal sends Ctrl-C to the whole group, so the child may already know; a second signal does no harm.
    child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
  })

function launch() {
  const startedAt = Date.now()
  const again = port === '' ? [] : ['--port', port]
  child = spawn(process.execPath, ['--enable-source-maps', join(root, 'build', 'server.mjs'), ...args, ...again], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      POOLPARTY_PARENT: String(process.pid),
    },
  })
  child.on('message', (message) => {
    port = String(/** @type {{ port: number }} */ (message).port)
  })
  child.on('exit', (code, signal) => {
    child = undefined
    if (stopping || code === 0) process.exit(code ?? 0)
    // What never was ready would fail again; what was ready once fails for reasons that may pass.
    if (port === '') {
      if (code === NOT_STARTED) process.exit(code)
      const how = signal ?? `exit code ${code}`
      giveUp(`The coordinator ended before it was ready (${how}). What it wrote above says why.`, NOT_STARTED)
    }
    if (Date.now() - startedAt > STEADY_MS) pauseMs = 500
    process.stderr.write(
      `The coordinator ended by itself (${signal ?? `exit code ${code}`}); starting it again in ${pauseMs / 1000} s. Nothing accepted is lost.\n`,
    )
    setTimeout(launch, pauseMs)
    pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)
  })
}
launch()
