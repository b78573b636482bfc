import { join } from 'node:path'
import type { JobView, Submit } from '../../protocol/api.ts'
import { createAgents, type RunningAgent } from '../agent/process.ts'
import { createHarness, type KindSet, type RunningPool, root } from '../gateway/harness.ts'

// What benchmarks measure on: a coordinator as its users start it (database, sockets, fsync), and agents as processes of
// their own. Nothing of it is replaced.

export interface Room {
  readonly pool: RunningPool
  readonly agents: readonly RunningAgent[]
  /** One more agent with one thread; resolves when the pool knows it. */
  join(): Promise<RunningAgent>
  submit(request: Submit): Promise<string>
  /** Resolves with the job once it is done; throws when it ends otherwise. */
  done(id: string): Promise<JobView>
  /** The ordered outputs. */
  raw(id: string): Promise<Uint8Array>
  close(): Promise<void>
}

export interface RoomOptions {
  readonly agents: number
  /** Default: the production kinds. `counting` is the trivial kind of the coordinator's own tests. */
  readonly kinds?: 'production' | 'counting'
  readonly pages?: boolean
}

export async function openRoom({ agents: wanted, kinds = 'production', pages = false }: RoomOptions): Promise<Room> {
  const agents = await createAgents()
  const harness = await createHarness('poolparty-bench-')
  const set: KindSet | undefined =
    kinds === 'counting'
      ? await harness.bundleKinds(join(root, 'test/gateway/counting.ts'), {
          counting: join(root, 'test/gateway/counting-kernel.ts'),
        })
      : undefined
  const pool = await harness.start({ pages, ...(set ? { kinds: set } : {}) })
  const joined: RunningAgent[] = []

  async function devicesHere(): Promise<number> {
    const { devices } = (await (await pool.call('GET', '/now')).json()) as { devices: number }
    return devices
  }

  const room: Room = {
    pool,
    agents: joined,
    async join() {
      const before = await devicesHere()
      const agent = agents.start([pool.url, '--name', `Bench ${joined.length + 1}`, '--threads', '1'])
      joined.push(agent)
      while ((await devicesHere()) <= before) await pause(20)
      return agent
    },
    async submit(request) {
      const response = await pool.call('POST', '/jobs', request)
      if (response.status !== 201) throw new Error(`The job was refused: ${await response.text()}`)
      return ((await response.json()) as JobView).id
    },
    async done(id) {
      for (;;) {
        const job = (await (await pool.call('GET', `/jobs/${id}?wait=60`)).json()) as JobView
        if (job.status === 'done') return job
        if (job.status === 'failed' || job.status === 'cancelled')
          throw new Error(`The job ${job.status}: ${job.error}`)
      }
    },
    async raw(id) {
      return new Uint8Array(await (await pool.call('GET', `/jobs/${id}/result?format=raw`)).arrayBuffer())
    },
    async close() {
      await agents.close()
      await harness.close()
    },
  }
  for (let i = 0; i < wanted; i++) await room.join()
  return room
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
