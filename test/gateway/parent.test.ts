import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './harness.ts'

// `npm start` as it is: a parent that sets up, and the coordinator under it.

test('[G69] a coordinator that died is started again by its parent, on the same address; Ctrl-C ends both', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'poolparty-parent-'))
  const flags = ['--host', '127.0.0.1', '--data-dir', dataDir, '--no-work', '--no-sample']
  const parent = spawn(process.execPath, [join(root, 'scripts/start.mjs'), '--port', '0', ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => parent.once('exit', resolve))
  const ready = watch(parent)
  const url = /^Ready: (\S+)$/m.exec(await ready(1))?.[1]
  const [child] = execFileSync('pgrep', ['-P', String(parent.pid)], { encoding: 'utf8' }).split('\n')
  process.kill(Number(child), 'SIGKILL')
  const said = await ready(2)
  expect(said).toMatch(/starting it again/)
  expect(said.match(/^Ready: \S+$/gm)).toEqual([`Ready: ${url}`, `Ready: ${url}`])
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  parent.kill('SIGINT')
  expect(await ended).toBe(0)
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  await rm(dataDir, { recursive: true, force: true })
}, 120_000)

test('[G65] a coordinator that never was ready is not started again', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'poolparty-parent-'))
  await mkdir(join(dataDir, 'admin-key'))
  for (const [databaseUrl, sentence] of [
    ['postgresql://pool:pass#word@127.0.0.1/pool', /^User name, password .* # as %23/m],
    ['', /^The pool could not start: EISDIR/m],
  ] as const) {
    const parent = spawn(process.execPath, [join(root, 'scripts/start.mjs'), '--port', '0', '--data-dir', dataDir], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOST: '127.0.0.1', DATABASE_URL: databaseUrl },
    })
    let said = ''
    parent.stderr.on('data', (text) => {
      said += text
      if (said.includes('starting it again')) parent.kill('SIGINT')
    })
    const code = await new Promise((resolve) => parent.once('close', resolve))
    expect(said).toMatch(sentence)
    expect(said).not.toMatch(/starting it again/)
    expect(code).toBe(2)
  }
  await rm(dataDir, { recursive: true, force: true })
}, 120_000)

/** Resolves with all that was said once the Ready line came so many times. */
function watch(child: ChildProcess) {
  let said = ''
  const listeners = new Set<() => void>()
  const hear = (text: Buffer) => {
    said += text
    for (const listener of listeners) listener()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  return (times: number) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if ((said.match(/^Ready: /gm)?.length ?? 0) >= times) resolve(said)
      }
      listeners.add(look)
      child.once('exit', () => reject(new Error(`It ended:\n${said}`)))
      look()
    })
}
