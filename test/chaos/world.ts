import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobView } from '../../protocol/api.ts'
import { createAgents, type RunningAgent } from '../agent/process.ts'
import { createHarness, type RunningPool, root } from '../gateway/harness.ts'
import { openProxy } from './proxy.ts'
import { openWitness } from './witness.ts'

// A real pool with real agents and a witness, and everything that can befall it. Chance comes from one seed; what the
// operating system makes of it does not.

export interface WorldOptions {
  readonly seed: number
  readonly agents: number
  /** The data folder is a disk of this size, where we may mount one. */
  readonly diskBytes?: number
  say(line: string): void
}

export type World = Awaited<ReturnType<typeof openWorld>>

export async function openWorld({ seed, agents: wanted, diskBytes, say }: WorldOptions) {
  const chance = mulberry(seed)
  const between = (least: number, most: number) => least + chance() * (most - least)
  const harness = await createHarness('poolparty-chaos-')
  const agents = await createAgents()
  const here = join(root, 'test/gateway')
  const kinds = await harness.bundleKinds(join(here, 'counting.ts'), { counting: join(here, 'counting-kernel.ts') })
  const dataDir = join(harness.folder, 'disk')
  mkdirSync(dataDir)
  const mounted = diskBytes !== undefined && mount(dataDir, diskBytes)
  let pool: RunningPool = await harness.start({ kinds, dataDir })
  const { port } = pool
  const proxy = await openProxy(port)
  const witness = await openWitness(proxy.url, chance)
  const running: RunningAgent[] = []
  const startAgent = (place: number) => {
    running[place] = agents.start([proxy.url, '--name', `Chaos ${place}`, '--threads', '1'])
  }
  for (let place = 0; place < wanted; place++) startAgent(place)

  const job = async (id: string) => (await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView

  return {
    chance,
    between,
    witness,
    mounted,
    pool: () => pool,
    job,
    async submit(tasks: number, ms: number): Promise<string> {
      const answer = await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks, ms }, trust: 'fast' })
      if (answer.status !== 201) throw new Error(`The job was refused: ${await answer.text()}`)
      return ((await answer.json()) as JobView).id
    },
    /** SIGKILL, and a new one on the same folder and port. */
    async killCoordinator() {
      await pool.kill()
      pool = await harness.start({ kinds, dataDir, port })
    },
    /** The process stands still: sockets stay open and nobody answers. */
    async freezeCoordinator(ms: number) {
      process.kill(pool.pid, 'SIGSTOP')
      await pause(ms)
      process.kill(pool.pid, 'SIGCONT')
    },
    async killAgent() {
      const place = Math.floor(chance() * wanted)
      running[place]?.child.kill('SIGKILL')
      await running[place]?.ended
      startAgent(place)
    },
    async freezeAgent(ms: number) {
      const { child } = running[Math.floor(chance() * wanted)]!
      child.kill('SIGSTOP')
      await pause(ms)
      child.kill('SIGCONT')
    },
    cutSockets: () => proxy.cut(),
    /** Fills the disk to the last byte for so long. */
    async fillDisk(ms: number) {
      const ballast = join(dataDir, 'ballast')
      const { bavail, bsize } = await statfs(dataDir)
      await writeFile(ballast, new Uint8Array(bavail * bsize)).catch(() => undefined)
      await pause(ms)
      const trouble = ((await (await pool.call('GET', '/now')).json()) as { trouble: string | null }).trouble
      await rm(ballast, { force: true })
      say(`    the pool said: ${trouble ?? 'nothing; no commit came in that time'}`)
    },
    async close() {
      await witness.close()
      await proxy.close()
      await agents.close()
      await pool.kill()
      if (mounted) execFileSync('umount', ['-l', dataDir])
      await harness.close()
    },
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** A small disk of our own; needs to be root on Linux. */
function mount(folder: string, bytes: number): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** mulberry32 (Tommy Ettinger, public domain): small, seeded, good enough to choose troubles. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
