import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './harness.ts'

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly error: string
}

/** The coordinator as npm start runs it, until it ends; one that becomes ready against what a test expects is stopped. */
export function runServer(
  argv: readonly string[],
  env: Record<string, string> = {},
  onStart: (pid: number) => void = () => {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'build', 'server.mjs'), ...argv], {
      env: { ...process.env, HOST: '127.0.0.1', ...env },
    })
    const heard = { out: '', error: '' }
    child.stdout.on('data', (text) => {
      heard.out += text
      if (/^Ready: /m.test(heard.out)) child.kill('SIGTERM')
    })
    child.stderr.on('data', (text) => {
      heard.error += text
    })
    child.on('close', (code, signal) => resolve({ code, signal, ...heard }))
    onStart(child.pid!)
  })
}
