import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { spawnThread } from '../../node-agent/machine.ts'
import type { JobId } from '../../protocol/ids.ts'
import { buildRuntime } from '../../scripts/build-runtime.mjs'
import type { Report, Thread } from '../../workers/compute/thread.ts'

// Real threads, the built worker, kernels over HTTP.

const worker = pathToFileURL(join(import.meta.dirname, '../../build/agent/worker.mjs'))
const job = 'j1' as JobId

const KERNEL = `export const kernel = {
  prepare: (params) => params,
  run(prepared, index, progress) {
    if (prepared === 'throw') throw new Error('no')
    if (prepared === 'exit') { process.exit(7) }
    if (prepared === 'spin') { progress(0.1); for (;;); }
    return Uint8Array.of(index, index + 1)
  },
}`
const hash = createHash('sha256').update(KERNEL).digest('hex').slice(0, 16)
const server = createServer((request, response) => {
  if (request.url === '/kernels/k.mjs') response.end(KERNEL)
  else response.writeHead(404).end()
})
let origin = ''
const threads: Thread[] = []

beforeAll(async () => {
  await buildRuntime()
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  for (const thread of threads) thread.terminate()
  server.close()
})

function spawn() {
  const thread = spawnThread(worker, { origin })
  threads.push(thread)
  return thread
}

const prepare = (params: unknown, more = {}) => ({
  ...{ job, params, kernelUrl: '/kernels/k.mjs', kernelHash: hash },
  ...more,
})
const stretch = { job, lease: 'a', from: 0, to: 3, budgetMs: 100, paint: false, probe: false }

test('[D26] a thread fetches the kernel, checks its hash, computes and reports before its call ends', async () => {
  const thread = spawn()
  expect(await thread.run(stretch, () => {})).toEqual({ type: 'unprepared' })
  expect(await thread.prepare(prepare('fine'))).toEqual({ type: 'ready' })
  const reports: Report[] = []
  const end = await thread.run(stretch, (report) => reports.push(report))
  expect(end).toMatchObject({ type: 'ran', next: 3 })
  expect(reports).toMatchObject([{ type: 'outputs', from: 0, lengths: [2, 2, 2] }])
})

test('[D26] a script that is not what its hash says is not run', async () => {
  const thread = spawn()
  expect(await thread.prepare(prepare('fine', { kernelHash: '0'.repeat(16) }))).toMatchObject({ type: 'unloadable' })
  expect(await thread.prepare(prepare('fine', { kernelUrl: '/kernels/none.mjs' }))).toMatchObject({
    type: 'unloadable',
  })
})

test('[D11] a thread that ends by itself rejects its call instead of leaving it pending', async () => {
  const thread = spawn()
  await thread.prepare(prepare('exit'))
  await expect(thread.run(stretch, () => {})).rejects.toThrow(/code 7/)
  await expect(thread.run(stretch, () => {})).rejects.toThrow(/code 7/)
})

test('[D9] a thread in an endless loop speaks up to then and can be ended', async () => {
  const thread = spawn()
  await thread.prepare(prepare('spin'))
  // The loop never answers; only that it can be ended is of interest, which the leak check of the process shows.
  thread.run(stretch, () => {}).catch(() => {})
  thread.terminate()
  const next = spawn()
  expect(await next.prepare(prepare('fine'))).toEqual({ type: 'ready' })
})
