import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobView } from '../../protocol/api.ts'
import { createAgents } from '../agent/process.ts'
import { straightLoop } from '../gateway/counting.ts'
import { createHarness, type Harness, root } from '../gateway/harness.ts'
import { type PostgresServer, postgresPrograms, startPostgres } from '../store/postgres-server.ts'

// The whole coordinator on PostgreSQL, chosen as its users choose it, killed in the middle.

const programs = await postgresPrograms()

let harness: Harness
let postgres: PostgresServer
let agents: Awaited<ReturnType<typeof createAgents>>
beforeAll(async () => {
  if (!programs) return
  postgres = await startPostgres(programs)
  agents = await createAgents()
  harness = await createHarness('poolparty-pg-')
})
afterAll(async () => {
  await agents?.close()
  await harness?.close()
  await postgres?.stop()
})

test.runIf(programs)(
  '[P1] [S30] on PostgreSQL a killed coordinator goes on and the bytes are the straight loop’s',
  async () => {
    const tasks = 3000
    const folder = join(root, 'test/gateway')
    const kinds = await harness.bundleKinds(join(folder, 'counting.ts'), {
      counting: join(folder, 'counting-kernel.ts'),
    })
    const flags = ['--database-url', await postgres.createDatabase()]
    const pool = await harness.start({ kinds, flags })
    const answer = await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks, ms: 1 }, trust: 'fast' })
    const { id } = (await answer.json()) as JobView
    const agent = agents.start([pool.url, '--name', 'Pi', '--threads', '2'])
    const job = async (call: typeof pool.call) => (await (await call('GET', `/jobs/${id}`)).json()) as JobView
    while ((await job(pool.call)).tasksDone < tasks / 4) await new Promise((resolve) => setTimeout(resolve, 20))
    await pool.kill()
    const again = await harness.start({ kinds, flags, dataDir: pool.dataDir, port: pool.port })
    while ((await job(again.call)).status !== 'done') await new Promise((resolve) => setTimeout(resolve, 20))
    const raw = new Uint8Array(await (await again.call('GET', `/jobs/${id}/result?format=raw`)).arrayBuffer())
    expect(raw).toEqual(straightLoop(tasks))
    expect((await job(again.call)).credit).toBe(tasks)
    agent.child.kill('SIGKILL')
    await again.stop()
  },
  120_000,
)
