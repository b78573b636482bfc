import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './files.mjs'
import { giveUp } from './run.mjs'
import { setUp } from './setup.mjs'

// Runs the agent from this clone or one of the project's TypeScript commands (bench, simulate, chaos, backup, …) after
// setting everything up: node scripts/tool.mjs <file> [arguments]. Without a clone the agent is npx --yes
// http://host:3000/agent-<version>.tgz.

const [file = '', ...args] = process.argv.slice(2)
const pages = /^test\/(pages|bench)\//.test(file)
await setUp({ pages }).catch((error) => giveUp(String(error?.message ?? error)))
const typescript = file.endsWith('.ts') ? ['--import', 'tsx'] : []
const child = spawn(process.execPath, [...typescript, join(root, file), ...args], {
  stdio: 'inherit',
  // When this launcher is killed, the agent notices and does not stay behind with its device.
  env: { ...process.env, POOLPARTY_LAUNCHER: String(process.pid) },
})
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
