import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Settings } from './flags.ts'

/** systemd's own quoting: percent and backslash are special even inside quotes, and a line must not end in them. */
function quoted(text: string): string {
  const signs = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')
  return `"${signs.replaceAll('\n', '\\n')}"`
}

export function unitText(node: string, script: string, settings: Settings): string {
  // Back to the whole number that was written: 0.55 × 100 is not 55.
  const duty = Math.round(settings.duty * 100)
  const flags = ['--name', settings.name, '--threads', String(settings.threads), '--duty', String(duty)]
  if (settings.stateDir) flags.push('--state-dir', settings.stateDir)
  // Not a flag: command lines can be read by everybody on the machine.
  const key = settings.poolKey ? `Environment=${quoted(`POOL_KEY=${settings.poolKey}`)}\n` : ''
  return `[Unit]
Description=PoolParty agent for ${settings.origin.replaceAll('%', '%%')}

[Service]
ExecStart=${[node, script, settings.origin, ...flags].map(quoted).join(' ')}
${key}Restart=always
RestartSec=10
Nice=10
KillSignal=SIGTERM
TimeoutStopSec=10

[Install]
WantedBy=default.target
`
}

/** Copies the agent where it stays and writes a unit of this user's systemd. Returns what is left to do, in words. */
export function installService(settings: Settings, from: URL, home = homedir()): string {
  const place = join(home, '.local', 'share', 'poolparty-agent')
  const units = join(home, '.config', 'systemd', 'user')
  mkdirSync(place, { recursive: true })
  mkdirSync(units, { recursive: true })
  for (const file of ['agent.mjs', 'worker.mjs']) copyFileSync(new URL(file, from), join(place, file))
  const unit = join(units, 'poolparty-agent.service')
  writeFileSync(unit, unitText(process.execPath, join(place, 'agent.mjs'), settings), { mode: 0o600 })
  return `Wrote ${unit}. Two commands make it start with this machine:

  systemctl --user enable --now poolparty-agent
  sudo loginctl enable-linger ${userInfo().username}

Its log: journalctl --user -u poolparty-agent -f
`
}
