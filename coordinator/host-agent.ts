import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { built, writeDurably } from './disk.ts'
import type { Log } from './log.ts'

const MIN_PAUSE_MS = 500
const MAX_PAUSE_MS = 30_000
/** An agent that lived this long is not in a crash loop. */
const STEADY_MS = 60_000
/** Time for the last result to leave. */
const STOP_WITHIN_MS = 2000

const remembered = z.object({ working: z.boolean() })

/** The agent of the pool's own machine: trusted, because only it is told the secret of this run on its stdin. */
export function createHostAgent(parts: { dataDir: string; work: boolean; name: string; log: Log }) {
  const { dataDir, log } = parts
  const file = join(dataDir, 'host.json')
  // One core stays for sockets, pages and the person at this machine.
  const threads = Math.max(1, availableParallelism() - 1)
  let working = parts.work
  let url: string | null = null
  let child: ChildProcess | null = null
  let secret: string | null = null
  let restart: NodeJS.Timeout | null = null
  let pauseMs = MIN_PAUSE_MS

  function launch() {
    if (url === null || child || !working) return
    const startedAt = Date.now()
    const mine = randomBytes(24).toString('base64url')
    const args = [built(join('agent', 'agent.mjs')), url, '--host-secret-stdin', '--threads', String(threads)]
    args.push('--name', parts.name, '--state-dir', join(dataDir, 'host-agent'))
    const started = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] })
    child = started
    secret = mine
    // A child that is gone already cannot be told; its exit says so.
    started.stdin?.on('error', () => {})
    // Its stdin stays open: its end tells the agent that this pool is gone.
    started.stdin?.write(`${mine}\n`)
    started.stderr?.on('data', (text: Buffer) => log.warn({ text: text.toString().slice(0, 500) }, 'host agent'))
    started.on('error', (error) => log.error({ err: error }, 'the host agent could not be started'))
    started.on('close', (code, signal) => {
      if (child !== started) return
      child = null
      secret = null
      if (!working || url === null) return
      if (Date.now() - startedAt > STEADY_MS) pauseMs = MIN_PAUSE_MS
      log.warn({ code, signal, pauseMs }, 'the host agent ended by itself; starting it again')
      restart = setTimeout(launch, pauseMs)
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)
    })
  }

  async function stop() {
    if (restart) clearTimeout(restart)
    restart = null
    const ending = child
    child = null
    secret = null
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const gone = new Promise<void>((resolve) => ending.once('close', () => resolve()))
    ending.kill('SIGTERM')
    const late = setTimeout(() => ending.kill('SIGKILL'), STOP_WITHIN_MS)
    await gone
    clearTimeout(late)
  }

  return {
    async start(address: string) {
      url = address
      const kept = remembered.safeParse(JSON.parse(await readFile(file, 'utf8').catch(() => 'null')))
      if (kept.success) working = parts.work && kept.data.working
      launch()
    },
    state: () => ({ working, threads }),
    /** Joins or leaves, and remembers that. */
    async set(wanted: boolean) {
      await writeDurably(file, `${JSON.stringify({ working: wanted })}\n`)
      working = wanted
      if (wanted) launch()
      else await stop()
    },
    secret: () => secret,
    async close() {
      url = null
      await stop()
    },
  }
}
