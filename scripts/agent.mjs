import './node-version.mjs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { giveUp } from './say.mjs'
import { root, setUp } from './setup.mjs'

// `npm run agent -- http://host:3000 …`: the agent from a clone. Without a clone: npx --yes http://host:3000/agent-<version>.tgz.

await setUp({ pages: false }).catch((error) => giveUp(String(error?.message ?? error)))
const child = spawn(process.execPath, [join(root, 'build', 'agent', 'agent.mjs'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  // When this launcher is killed, the agent notices and does not stay behind with its device.
  env: { ...process.env, POOLPARTY_LAUNCHER: String(process.pid) },
})
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
