import './node-version.mjs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { giveUp } from './say.mjs'
import { root, setUp } from './setup.mjs'

// Runs one of the project's TypeScript commands (bench, simulate, chaos, backup, …) after setting everything up:
// node scripts/tool.mjs <file.ts> [arguments].

const [file = '', ...args] = process.argv.slice(2)
const pages = /^test\/(pages|bench)\//.test(file)
await setUp({ pages }).catch((error) => giveUp(String(error?.message ?? error)))
const child = spawn(process.execPath, ['--import', 'tsx', join(root, file), ...args], { cwd: root, stdio: 'inherit' })
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
