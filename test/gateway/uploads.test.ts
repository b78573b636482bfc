import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FileView, Problem, UploadView } from '../../protocol/api.ts'
import { until } from './device.ts'
import { createHarness, type Harness, type RunningPool } from './harness.ts'

// Uploads in pieces as scripts send them, over real sockets, with a coordinator that is killed under them.

const HEAD = 'Time,Ask,Bid\n'
const ROW = '2019-11-01 10:00,1.5,1.25\n'
const TEXT = HEAD + ROW.repeat(1_000_000)
const TUS = { 'tus-resumable': '1.0.0' }
const PIECE = { ...TUS, 'content-type': 'application/offset+octet-stream' }

let harness: Harness
let pool: RunningPool
beforeAll(async () => {
  harness = await createHarness('poolparty-uploads-')
  pool = await harness.start()
}, 120_000)
afterAll(() => harness?.close())

const read = async <T>(response: Response | Promise<Response>) => (await (await response).json()) as T
const call = (method: string, path: string, headers: Record<string, string> = {}, body: BodyInit | null = null) =>
  fetch(`${pool.url}/api/v1${path}`, { method, headers: { ...key(), ...headers }, body })
const key = () => ({ authorization: `Bearer ${pool.adminKey}` })
const state = (id: string) => read<UploadView>(call('GET', `/uploads/${id}`))
const again = async () => {
  await pool.kill()
  pool = await harness.start({ dataDir: pool.dataDir, port: pool.port })
}
async function begin(bytes: number): Promise<string> {
  const name = Buffer.from('Größe.csv').toString('base64')
  const answer = await call('POST', '/uploads', {
    ...TUS,
    'upload-length': `${bytes}`,
    'upload-metadata': `filename ${name}`,
  })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('location')).toMatch(/^\/api\/v1\/uploads\/[0-9a-f]{32}$/)
  return answer.headers.get('location')!.split('/').at(-1)!
}
const piece = (id: string, offset: number, body: string, more: Record<string, string> = {}) =>
  call('PATCH', `/uploads/${id}`, { ...PIECE, 'upload-offset': `${offset}`, ...more }, body)
async function offsetOf(id: string): Promise<number> {
  const answer = await call('HEAD', `/uploads/${id}`, TUS)
  expect(answer.status).toBe(200)
  return Number(answer.headers.get('upload-offset'))
}

test('[I18] killed while it receives, and again while it reads: the upload goes on, and is the same file as by PUT', async () => {
  const id = await begin(TEXT.length)
  const sending = request(`${pool.url}/api/v1/uploads/${id}`, {
    method: 'PATCH',
    headers: { ...key(), ...PIECE, 'upload-offset': '0', 'content-length': TEXT.length },
  })
  sending.on('error', () => {})
  sending.write(TEXT.slice(0, 3_000_000))
  await until(async () => {
    const upload = await state(id)
    return upload.state === 'receiving' && upload.receivedBytes > 1_000_000
  })
  await again()
  const offset = await offsetOf(id)
  expect(offset).toBeGreaterThan(1_000_000)
  expect(offset).toBeLessThanOrEqual(3_000_000)
  expect((await piece(id, offset, TEXT.slice(offset))).status).toBe(204)
  await again()
  const upload = await until(async () => {
    const now = await state(id)
    return now.state !== 'importing' && now
  })
  if (upload.state !== 'kept') throw new Error(JSON.stringify(upload))
  const file = await read<FileView>(call('GET', `/files/${upload.file}`))
  expect(file).toMatchObject({ name: 'Größe.csv', bytes: TEXT.length, rows: 1_000_000, usedBy: [] })
  const sent = await call('PUT', '/files?name=other', {}, TEXT)
  expect(sent.status).toBe(200)
  expect(await sent.json()).toEqual(file)
  expect(await offsetOf(id)).toBe(TEXT.length)
}, 60_000)

test('[I21] strangers, other sites’ pages and pieces that do not fit change nothing, and hear why', async () => {
  const id = await begin(10)
  await piece(id, 0, '12345')
  const login = await call('POST', '/login', {}, JSON.stringify({ key: pool.adminKey }))
  const cookie = login.headers.get('set-cookie')!.split(';')[0]!
  const byCookie = (method: string, path: string, headers: Record<string, string>, body: BodyInit | null = null) =>
    fetch(`${pool.url}/api/v1${path}`, { method, headers: { cookie, ...headers }, body })
  const next = { ...PIECE, 'upload-offset': '5' }
  const elsewhere = { origin: 'http://evil.example' }
  const refusals: [status: number, words: string, answer: Promise<Response>][] = [
    [401, 'Only the admin', fetch(`${pool.url}/api/v1/uploads/${id}`, { method: 'PATCH', headers: next, body: '6' })],
    [401, 'Only the admin', fetch(`${pool.url}/api/v1/uploads`, { method: 'POST', headers: TUS })],
    [401, 'Only the admin', fetch(`${pool.url}/api/v1/uploads`)],
    [401, 'a page of this pool', byCookie('PATCH', `/uploads/${id}`, next, '6')],
    [401, 'a page of this pool', byCookie('PATCH', `/uploads/${id}`, { ...next, ...elsewhere }, '6')],
    [401, 'a page of this pool', byCookie('DELETE', `/uploads/${id}`, { ...TUS, ...elsewhere })],
    [409, 'Ask with HEAD', piece(id, 0, '12345')],
    [409, 'Ask with HEAD', piece(id, 9, '0')],
    [413, 'more than the upload said', piece(id, 5, '678901')],
    [403, 'Upload-Offset', call('PATCH', `/uploads/${id}`, PIECE, '6')],
    [412, 'tus 1.0.0', call('PATCH', `/uploads/${id}`, { 'upload-offset': '5' }, '6')],
    [404, 'no such upload', piece('f'.repeat(32), 0, '1')],
    [404, 'no such upload', call('GET', '/uploads/unknown')],
    [413, 'at most 64 GB', call('POST', '/uploads', { ...TUS, 'upload-length': '64000000001' })],
    [501, 'says its length', call('POST', '/uploads', { ...TUS, 'upload-defer-length': '1' })],
    [405, 'takes HEAD', call('PUT', `/uploads/${id}`, {}, '1')],
  ]
  for (const [status, words, asked] of refusals) {
    const answer = await asked
    expect([answer.status, answer.headers.get('content-type')], words).toEqual([status, 'application/problem+json'])
    expect((await read<Problem>(answer)).detail).toContain(words)
  }
  expect((await byCookie('HEAD', `/uploads/${id}`, TUS)).headers.get('upload-offset')).toBe('5')
  expect((await byCookie('PATCH', `/uploads/${id}`, { ...next, origin: pool.url }, '67890')).status).toBe(204)
  await until(async () => (await state(id)).state === 'kept')
  const { items } = await read<{ items: UploadView[] }>(call('GET', '/uploads'))
  expect(items.map((one) => one.state)).toEqual(['kept', 'kept'])
  expect((await byCookie('DELETE', `/uploads/${id}`, { ...TUS, origin: pool.url })).status).toBe(204)
  expect((await call('GET', `/uploads/${id}`)).status).toBe(404)
})

test('[I20] what is no usable file is refused in words that can be asked for afterwards', async () => {
  const binary = new Uint8Array(300_000).map((_, i) => (i * 7919) % 251)
  const id = await begin(binary.length)
  await call('PATCH', `/uploads/${id}`, { ...PIECE, 'upload-offset': '0' }, binary)
  const upload = await until(async () => {
    const now = await state(id)
    return now.state !== 'importing' && now
  })
  expect(upload).toMatchObject({ state: 'refused', problem: expect.stringContaining('not text') })
})
