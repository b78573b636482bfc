import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { straightLoop } from './counting.ts'
import { countingDevice, metric, until } from './device.ts'
import { createHarness, type Harness, type KindSet, type RunningPool } from './harness.ts'

let harness: Harness
let kinds: KindSet
let pool: RunningPool
beforeAll(async () => {
  harness = await createHarness('poolparty-downloads-')
  kinds = await harness.bundleKinds(join(import.meta.dirname, 'gated.ts'), {
    gated: join(import.meta.dirname, 'counting-kernel.ts'),
  })
  pool = await harness.start({ kinds })
}, 60_000)
afterAll(() => harness?.close())

/** Enough that a reader who has read nothing leaves most of it on the disk. */
const TASKS = 200_000

async function finished(note: string): Promise<string> {
  const params = { tasks: TASKS, note }
  const job = await (await pool.call('POST', '/jobs', { kind: 'gated', params, trust: 'fast' })).json()
  const device = await countingDevice(pool.url)
  await until(async () => (await (await pool.call('GET', `/jobs/${job.id}`)).json()).status === 'done')
  device.close()
  return job.id
}

/** Descriptors that the process holds of sockets, or of files of its own. */
function opened(kind: 'sockets' | 'files'): number {
  const folder = `/proc/${pool.pid}/fd`
  const begin = kind === 'sockets' ? 'socket:' : harness.folder
  return readdirSync(folder).filter((fd) => {
    try {
      return readlinkSync(join(folder, fd)).startsWith(begin)
    } catch {
      return false
    }
  }).length
}

const marks = (path: string) => {
  try {
    return readFileSync(path).length
  } catch {
    return 0
  }
}

/** Sends these requests one behind the other without waiting, as no browser does. */
function ask(...paths: readonly string[]): Socket {
  const socket = connect(pool.port, '127.0.0.1')
  for (const path of paths) socket.write(`GET ${path} HTTP/1.1\r\nHost: pool\r\n\r\n`)
  return socket
}

test('[G111] a reader who left before the first byte leaves no encoder, no stream and no descriptor behind', async () => {
  const note = join(harness.folder, 'left')
  const result = `/api/v1/jobs/${await finished(note)}/result`
  const [sockets, files] = [opened('sockets'), opened('files')]
  const readers = [ask(result), ask(result, result)]
  await until(() => marks(`${note}.begun`) === 3)
  for (const reader of readers) reader.destroy()
  await until(() => opened('sockets') <= sockets)
  writeFileSync(`${note}.open`, '')
  await until(() => marks(`${note}.ended`) === 3)
  await until(() => opened('files') <= files)
  await until(async () => (await metric(pool, 'encoder_requests')) === 0)
  const whole = await fetch(`${pool.url}${result}`)
  expect(Buffer.from(await whole.arrayBuffer()).equals(straightLoop(TASKS))).toBe(true)
}, 60_000)

test('[G111] a reader who left in the middle of a file of the build leaves no descriptor behind', async () => {
  writeFileSync(join(kinds.kernelsDir, 'large.wasm'), Buffer.alloc(64 * 1024 * 1024))
  const files = opened('files')
  const reader = ask('/kernels/large.wasm')
  await new Promise((resolve) => reader.once('data', resolve))
  reader.destroy()
  await until(() => opened('files') <= files)
}, 60_000)

test('[G111] a reader who left a packed result takes nobody’s encoder along', async () => {
  const note = join(harness.folder, 'packed')
  const result = `/api/v1/jobs/${await finished(note)}/result`
  const stays = fetch(`${pool.url}${result}`)
  await until(() => marks(`${note}.begun`) === 1)
  const sockets = opened('sockets')
  const reader = ask(`${result}?format=groups`)
  await until(() => marks(`${note}.begun`) === 2)
  reader.destroy()
  await until(() => opened('sockets') <= sockets)
  writeFileSync(`${note}.open`, '')
  const answer = await stays
  expect(answer.status).toBe(200)
  expect(Buffer.from(await answer.arrayBuffer()).equals(straightLoop(TASKS))).toBe(true)
  await until(() => marks(`${note}.ended`) === 2)
}, 60_000)

test('[G112] when the encoder’s thread dies its readers get a problem, and the next one another thread', async () => {
  const note = join(harness.folder, 'dead')
  const url = `${pool.url}/api/v1/jobs/${await finished(note)}/result`
  const waiting = fetch(url)
  await until(() => marks(`${note}.begun`) === 1)
  for (const answer of [await fetch(`${url}?format=raw`), await waiting]) {
    expect(answer.status).toBe(500)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ status: 500, detail: expect.stringMatching(/log of the pool/) })
  }
  expect(pool.output()).toMatch(/encoder thread ended/)
  const next = await fetch(`${url}?format=csv`)
  expect(Buffer.from(await next.arrayBuffer()).equals(straightLoop(TASKS))).toBe(true)
}, 60_000)
