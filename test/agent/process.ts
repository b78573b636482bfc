import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildRuntime } from '../../scripts/build-runtime.mjs'

const built = join(import.meta.dirname, '../../build/agent/agent.mjs')

export interface RunningAgent {
  readonly child: ChildProcess
  output(): string
  /** Resolves once this was printed. */
  said(what: RegExp): Promise<void>
  /** Exit code, or null after a signal. */
  readonly ended: Promise<number | null>
}

/** Real agent processes, each test's in a state folder of its own; none is left after `close`. */
export async function createAgents() {
  await buildRuntime()
  const stateDir = mkdtempSync(join(tmpdir(), 'poolparty-agent-'))
  const running = new Set<RunningAgent>()

  function start(args: readonly string[], env: Readonly<Record<string, string>> = {}, script = built): RunningAgent {
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, XDG_STATE_HOME: stateDir, ...env },
    })
    let output = ''
    const listeners = new Set<() => void>()
    const hear = (text: Buffer) => {
      output += text
      for (const listener of listeners) listener()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const agent: RunningAgent = {
      child,
      output: () => output,
      said: (what) =>
        new Promise((resolve, reject) => {
          const look = () => {
            if (!what.test(output)) return
            listeners.delete(look)
            resolve()
          }
          listeners.add(look)
          child.once('close', () => {
            look()
            reject(new Error(`The agent ended and never said ${what}:\n${output}`))
          })
          look()
        }),
      ended: new Promise((resolve) => child.once('close', (code) => resolve(code))),
    }
    running.add(agent)
    void agent.ended.then(() => running.delete(agent))
    return agent
  }

  return {
    stateDir,
    start,
    async close() {
      for (const { child } of running) child.kill('SIGKILL')
      await Promise.all([...running].map(({ ended }) => ended))
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}
