import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { straightLoop } from '../gateway/counting.ts'
import { createHarness, type Harness, type KindSet, type RunningPool } from '../gateway/harness.ts'
import { createAgents, type RunningAgent } from './process.ts'

// The real agent against a real coordinator, both as processes.

let harness: Harness
let kinds: KindSet
let agents: Awaited<ReturnType<typeof createAgents>>

beforeAll(async () => {
  agents = await createAgents()
  harness = await createHarness('poolparty-agent-test-')
  const folder = join(import.meta.dirname, '../gateway')
  kinds = await harness.bundleKinds(join(folder, 'counting.ts'), { counting: join(folder, 'counting-kernel.ts') })
})
afterAll(async () => {
  await agents?.close()
  await harness?.close()
})

async function count(pool: RunningPool, tasks: number, ms: number): Promise<string> {
  const response = await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks, ms }, trust: 'fast' })
  expect(response.status).toBe(201)
  return ((await response.json()) as { id: string }).id
}

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const seen = await look()
    if (seen) return seen
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

const job = async (pool: RunningPool, id: string) =>
  (await (await pool.call('GET', `/jobs/${id}`)).json()) as { status: string; tasksDone: number }
const done = (pool: RunningPool, id: string) => until(async () => (await job(pool, id)).status === 'done')
const result = async (pool: RunningPool, id: string) =>
  new Uint8Array(await (await pool.call('GET', `/jobs/${id}/result?format=raw`)).arrayBuffer())

interface Device {
  readonly id: string
  readonly state: string
  readonly threads: number
  readonly volunteer: { readonly id: string; readonly name: string }
}
const devices = async (pool: RunningPool) =>
  ((await (await pool.call('GET', '/devices')).json()) as { items: Device[] }).items

const deviceOf = (agent: RunningAgent) => /\(device (\w+)\)/.exec(agent.output())?.[1]

test('[D26] an agent joins by the address alone, computes a job and says so', async () => {
  const pool = await harness.start({ kinds })
  const agent = agents.start([pool.url, '--name', 'Ada', '--threads', '1'])
  const id = await count(pool, 500, 1)
  await done(pool, id)
  expect(await result(pool, id)).toEqual(straightLoop(500))
  expect(agent.output()).toMatch(/as Ada \(device \w+\)/)
  expect(agent.output()).toMatch(/Computing Counting to 500/)
  agent.child.kill('SIGTERM')
  expect(await agent.ended).toBe(0)
  await pool.stop()
})

test('[D21] the same name is one volunteer, each process a device; one started again is the device it was', async () => {
  const pool = await harness.start({ kinds })
  const start = async (name: string) => {
    const agent = agents.start([pool.url, '--name', name, '--threads', '1'])
    await agent.said(/\(device \w+\)/)
    return agent
  }
  const [first, second, other] = [await start('Ada'), await start('Ada'), await start('Bob')]
  const known = await devices(pool)
  expect(new Set(known.map(({ id }) => id)).size).toBe(3)
  expect(new Set(known.map(({ volunteer }) => volunteer.id)).size).toBe(2)
  const was = deviceOf(first)
  first.child.kill('SIGKILL')
  await first.ended
  const again = await start('Ada')
  expect(deviceOf(again)).toBe(was)
  expect(await devices(pool)).toHaveLength(3)
  for (const agent of [again, second, other]) agent.child.kill('SIGTERM')
  await Promise.all([again, second, other].map(({ ended }) => ended))
  await pool.stop()
})

test('[D21] agents of one name that start together become one volunteer', async () => {
  const pool = await harness.start({ kinds })
  const all = Array.from({ length: 4 }, () => agents.start([pool.url, '--name', 'Grace', '--threads', '1']))
  await Promise.all(all.map((agent) => agent.said(/\(device \w+\)/)))
  const known = await devices(pool)
  expect(new Set(known.map(({ id }) => id)).size).toBe(4)
  expect(new Set(known.map(({ volunteer }) => volunteer.id)).size).toBe(1)
  for (const { child } of all) child.kill('SIGTERM')
  await Promise.all(all.map(({ ended }) => ended))
  await pool.stop()
})

test('[D22] one SIGINT finishes: what was running counts, the rest goes to another at once', async () => {
  const pool = await harness.start({ kinds })
  const agent = agents.start([pool.url, '--name', 'Ada', '--threads', '1'])
  const id = await count(pool, 100, 50)
  await until(async () => (await job(pool, id)).tasksDone > 3)
  agent.child.kill('SIGINT')
  expect(await agent.ended).toBe(0)
  expect(agent.output()).toMatch(/Finishing(.|\n)*Stopped\./)
  expect((await devices(pool))[0]?.state).toBe('away')
  const other = agents.start([pool.url, '--name', 'Bob', '--threads', '2'])
  await done(pool, id)
  expect(await result(pool, id)).toEqual(straightLoop(100))
  other.child.kill('SIGTERM')
  await other.ended
  await pool.stop()
})

test('[D2] an agent outlives its pool: killed and started again, the job goes on and ends', async () => {
  const first = await harness.start({ kinds })
  const agent = agents.start([first.url, '--name', 'Ada', '--threads', '2'])
  const id = await count(first, 200, 10)
  await until(async () => (await job(first, id)).tasksDone > 10)
  await first.kill()
  await agent.said(/connection to \S+ is lost/)
  const second = await harness.start({ kinds, dataDir: first.dataDir, port: first.port })
  await done(second, id)
  expect(await result(second, id)).toEqual(straightLoop(200))
  agent.child.kill('SIGTERM')
  expect(await agent.ended).toBe(0)
  await second.stop()
})

test('[D28] an agent that waits for a secret on stdin ends with it', async () => {
  const pool = await harness.start({ kinds })
  const agent = agents.start([pool.url, '--host-secret-stdin', '--threads', '1'])
  agent.child.stdin!.write('not-the-secret-of-this-pool\n')
  await agent.said(/The pool refused this device/)
  expect(await agent.ended).toBe(1)
  const orphan = agents.start(['http://127.0.0.1:1', '--host-secret-stdin'])
  orphan.child.stdin!.write('a-secret-of-some-length\n')
  await orphan.said(/Trying again/)
  orphan.child.stdin!.end()
  expect(await orphan.ended).toBe(0)
  await pool.stop()
})

test('[D29] a wrong flag or address is one sentence and exit code 2; an unreachable pool is tried on', async () => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /address of the pool is missing/],
    [['pool'], /must look like http/],
    [['http://'], /must look like http/],
    [['http://host:99999'], /must look like http/],
    [['ftp://host'], /must look like http/],
    [['http://h', 'http://i'], /one address too many/],
    [['http://h', '--threads', '1.5'], /whole number from 1 to 256. You wrote 1.5/],
    [['http://h', '--threads', '0'], /whole number/],
    [['http://h', '--duty', '3'], /whole number from 5 to 100/],
    [['http://h', '--name', 'x'.repeat(41)], /at most 40 characters/],
    [['http://h', '--thrads', '2'], /--thrads/],
    [['http://h', '--duty', ''], /You wrote nothing/],
    [['http://h', '--name', 'a\nb'], /one line/],
    [['http://h', '--key', 'a b'], /without spaces/],
    [['http://ada:secret@h'], /without a name or a password/],
    [['http://h', 'y\u001b[31m'.repeat(100)], /too many.*y·.*…/],
  ]
  for (const [args, sentence] of wrong) {
    const agent = agents.start(args, { POOL_URL: '' })
    expect(await agent.ended, args.join(' ')).toBe(2)
    expect(agent.output()).toMatch(sentence)
    expect(agent.output().trim().split('\n')).toHaveLength(1)
  }
  const lonely = agents.start(['http://127.0.0.1:1', '--threads', '1'])
  await lonely.said(/Trying again for ever/)
  lonely.child.kill('SIGTERM')
  expect(await lonely.ended).toBe(0)
})
