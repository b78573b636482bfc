import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fractal } from '../../jobs/fractal/index.ts'
import { disk } from '../../node-agent/machine.ts'
import type { ContributionView, Estimate, FilePreview, FileView, JobView, Problem } from '../../protocol/api.ts'
import type { Hello, Lease } from '../../protocol/device.ts'
import { createAgents } from '../agent/process.ts'
import { connect, hello, until } from './device.ts'
import { createHarness, type Harness, type RunningPool } from './harness.ts'

// Files and jobs that read them, over REST, with the production kinds and a real agent.

const TEXT = 'Time,Ask,Bid\n2019-11-01,1.5,1.25\n2019-11-02,2.5,x\n2019-11-03,,0.5\n'
let harness: Harness
let agents: Awaited<ReturnType<typeof createAgents>>
let pool: RunningPool
let hostFolder: string

beforeAll(async () => {
  harness = await createHarness('poolparty-files-')
  agents = await createAgents()
  hostFolder = join(harness.folder, 'allowed')
  await mkdir(hostFolder)
  pool = await harness.start({ flags: ['--files-dir', hostFolder] })
}, 120_000)
afterAll(async () => {
  await agents?.close()
  await harness?.close()
})

const put = (body: BodyInit, name = 'prices.csv', headers: Record<string, string> = {}) =>
  fetch(`${pool.url}/api/v1/files?name=${encodeURIComponent(name)}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${pool.adminKey}`, ...headers },
    body,
  })
const read = async <T>(response: Response | Promise<Response>) => (await (await response).json()) as T
const send = async (text: string | Uint8Array<ArrayBuffer>) => read<FileView>(put(text))
const submit = (params: object, more: object = {}) =>
  pool.call('POST', '/jobs', { kind: 'csv', params, trust: 'fast', ...more })
async function ended(id: string): Promise<JobView> {
  return until(async () => {
    const job = await read<JobView>(pool.call('GET', `/jobs/${id}`))
    return ['done', 'failed', 'cancelled'].includes(job.status) && job
  })
}
/** Its first token, once the pool has lent anything of the job. */
async function firstLease(url = pool.url, headers: Record<string, string> = {}, more: Partial<Hello> = {}) {
  const socket = await connect(url, headers)
  const lent = new Promise<{ token: string } & NonNullable<Lease['slicedInput']>>((resolve) => {
    socket.on('lend', ({ leases }) => {
      const { token, slicedInput } = leases[0]!
      resolve({ token, ...(slicedInput ?? { url: '', lengths: [] }) })
    })
  })
  await hello(socket, more)
  socket.emit('ask', { leases: 1 })
  return { ...(await lent), socket }
}

describe('files over REST', () => {
  test('[I11] a body is answered with its size and hash as sent; the same content again is the same file', async () => {
    const packed = new Uint8Array(gzipSync(TEXT))
    const first = await put(packed)
    expect(first.status).toBe(201)
    const file = await read<FileView>(first)
    expect(file).toMatchObject({
      ...{ name: 'prices.csv', bytes: packed.length, storedBytes: TEXT.length, compression: 'gzip', rows: 3 },
      ...{ sha256: createHash('sha256').update(packed).digest('hex'), usedBy: [] },
    })
    const again = await put(packed, 'other.csv')
    expect(again.status).toBe(200)
    expect(await again.json()).toEqual(file)
    const { items } = await read<{ items: FileView[] }>(pool.call('GET', '/files'))
    expect(items.filter(({ id }) => id === file.id)).toEqual([file])
    expect((await pool.call('DELETE', `/files/${file.id}`)).status).toBe(204)
    expect((await pool.call('DELETE', `/files/${file.id}`)).status).toBe(404)
    expect((await fetch(`${pool.url}/api/v1/files`)).status).toBe(401)
  })

  test('[I9] a file of the host comes from the allowed folder only, whatever the path says', async () => {
    await writeFile(join(hostFolder, 'host.csv'), TEXT)
    await symlink('/etc/hostname', join(hostFolder, 'link.csv'))
    const taken = await pool.call('POST', '/files', { path: 'host.csv' })
    expect(taken.status).toBe(201)
    expect(await taken.json()).toMatchObject({ name: 'host.csv', bytes: TEXT.length })
    for (const path of ['../../etc/passwd', '/etc/passwd', 'link.csv', 'none.csv'])
      expect((await pool.call('POST', '/files', { path })).status).toBe(404)
  })

  test('[I12] what is no usable file is refused in a sentence, and the pool goes on', async () => {
    const binary = new Uint8Array(300_000).map((_, i) => (i * 7919) % 251)
    const cut = new Uint8Array(gzipSync('a,b\n1,2\n'.repeat(50_000))).slice(0, -50)
    for (const [body, words] of [
      [binary, 'not text'],
      [cut, 'ends too early'],
    ] as const) {
      const answer = await put(body)
      expect(answer.status).toBe(422)
      expect((await read<Problem>(answer)).detail).toContain(words)
    }
    const missing = await submit({ file: 'no-such-file' })
    expect(missing.status).toBe(422)
    expect((await read<Problem>(missing)).errors).toEqual([
      { path: 'params.file', message: expect.stringContaining('no such file') },
    ])
    expect((await pool.call('GET', '/jobs')).status).toBe(200)
  })

  test('[I13] a preview says what was guessed, lets every guess be changed, and says why a job would be refused', async () => {
    const { id } = await send(TEXT)
    const seen = await read<{ preview: object; errors: object[] }>(pool.call('GET', `/files/${id}/preview`))
    expect(seen.preview).toMatchObject({
      ...{ rows: 3, delimiter: ',', header: true, timeColumn: 'Time', timeFormat: 'iso', decimal: '.' },
      columns: [
        { name: 'Time', type: 'time' },
        { name: 'Ask', type: 'number' },
        { name: 'Bid', type: 'number' },
      ],
    })
    expect(seen.errors).toEqual([])
    const params = encodeURIComponent(JSON.stringify({ delimiter: ';', header: false, columns: ['2'] }))
    const other = await read<typeof seen>(pool.call('GET', `/files/${id}/preview?params=${params}`))
    expect(other.preview).toMatchObject({ rows: 4, delimiter: ';', columns: [{ name: '1', type: 'text' }] })
    expect(other.errors).toEqual([{ path: 'params.columns.0', message: expect.stringContaining('no column "2"') }])
    expect((await pool.call('GET', `/files/${id}/preview?params=[1]`)).status).toBe(422)
  })

  test('[K22] a look at a large file reads its beginning only, and says how long a pass would take', async () => {
    const { id, storedBytes } = await send(`a,b\n${'1.5,2.5\n'.repeat((65 << 20) / 8)}`)
    const indexes = async () =>
      (await readdir(join(pool.dataDir, 'files', id))).filter((name) => name.startsWith('index-')).length
    const look = async (params: object) =>
      read<FilePreview>(pool.call('GET', `/files/${id}/preview?params=${encodeURIComponent(JSON.stringify(params))}`))
    const estimate = async (params: object) =>
      read<Estimate>(pool.call('POST', '/estimate', { kind: 'csv', params: { file: id, ...params } }))

    const known = await look({})
    expect(known.preview).toMatchObject({ rows: (65 << 20) / 8, first: expect.arrayContaining([['1.5', '2.5']]) })
    expect([known.passSeconds, (await estimate({})).taskCount]).toEqual([undefined, expect.any(Number)])
    const other = await look({ header: false, columns: ['3'] })
    expect(other.preview).toMatchObject({ rows: null, first: expect.arrayContaining([['a', 'b']]) })
    expect(other.errors).toEqual([{ path: 'params.columns.0', message: expect.stringContaining('no column "3"') }])
    expect(other.passSeconds).toBeGreaterThan(0)
    const told = await estimate({ header: false })
    expect([told.taskCount, told.passSeconds]).toEqual([undefined, other.passSeconds])
    expect(
      (await pool.call('POST', '/estimate', { kind: 'csv', params: { file: id, columns: ['3'], header: false } }))
        .status,
    ).toBe(422)
    expect(await indexes()).toBe(1)
    expect((await submit({ file: id, header: false }, { devices: 'host' })).status).toBe(201)
    expect(await indexes()).toBe(2)
    expect((await look({ header: false })).preview).toMatchObject({ rows: (65 << 20) / 8 + 1 })
    expect(storedBytes).toBeGreaterThan(65 << 20)
  })
})

describe('jobs that read files', () => {
  test('[I14] a lease opens what its own tasks read, to whoever holds its token and to nobody else', async () => {
    const { id } = await send(TEXT)
    const job = await read<JobView>(submit({ file: id }))
    expect((await pool.call('DELETE', `/files/${id}`)).status).toBe(409)
    const lease = await firstLease()
    const body = await fetch(new URL(lease.url, pool.url))
    expect(await body.text()).toBe(TEXT.slice('Time,Ask,Bid\n'.length))
    expect(lease.lengths).toEqual([TEXT.length - 'Time,Ask,Bid\n'.length])
    for (const token of ['', 'x', `${lease.token.slice(0, -2)}AA`])
      expect((await fetch(`${pool.url}/api/v1/work?lease=${token}`)).status).toBe(401)
    await pool.call('POST', `/jobs/${job.id}/cancel`)
    expect((await fetch(new URL(lease.url, pool.url))).status).toBe(410)
    lease.socket.disconnect()
  })

  test('[K31] where it stands is told to agents on this machine, to nobody else', async () => {
    const near = await harness.start({ flags: ['--url', 'http://pool.test'] })
    const headers = { authorization: `Bearer ${near.adminKey}` }
    const { id } = await read<FileView>(fetch(`${near.url}/api/v1/files`, { method: 'PUT', headers, body: TEXT }))
    const place = { path: join(near.dataDir, 'files', id, 'text'), starts: ['Time,Ask,Bid\n'.length] }
    for (const [kind, far, told] of [
      ['agent', '127.0.0.1', true],
      ['agent', '10.0.0.5', false],
      ['browser', '127.0.0.1', false],
    ] as const) {
      const job = await read<JobView>(near.call('POST', '/jobs', { kind: 'csv', params: { file: id }, trust: 'fast' }))
      const lease = await firstLease(near.url, { 'x-forwarded-for': far }, { kind, held: ['of another pool'] })
      if (told) {
        expect(lease.place).toMatchObject(place)
        expect(await disk.has(lease.place!)).toBe(true)
        expect(await disk.has({ ...lease.place!, identity: `${lease.place!.identity}0` })).toBe(false)
        expect(await disk.has({ ...lease.place!, path: '/nowhere' })).toBe(false)
        expect(new TextDecoder().decode(await disk.read(lease.place!, 5, 7))).toBe('Ask,Bid')
      } else expect(lease.place).toBeUndefined()
      lease.socket.disconnect()
      await near.call('DELETE', `/jobs/${job.id}`)
    }
    await near.stop()
  })

  test('[I14] it is packed for devices elsewhere that can unpack', async () => {
    const proxied = await harness.start({ flags: ['--url', 'http://pool.test'] })
    const text = `a,b\n${'1.5,2.5\n'.repeat(1000)}`
    const headers = { authorization: `Bearer ${proxied.adminKey}` }
    const sent = await fetch(`${proxied.url}/api/v1/files`, { method: 'PUT', headers, body: text })
    const { id } = await read<FileView>(sent)
    await proxied.call('POST', '/jobs', { kind: 'csv', params: { file: id } })
    const lease = await firstLease(proxied.url)
    for (const [far, accepts, encoding] of [
      ['10.0.0.5', 'gzip, deflate', 'gzip'],
      ['10.0.0.5', 'identity', null],
      ['127.0.0.1', 'gzip, deflate', null],
    ] as const) {
      const headers = { 'x-forwarded-for': far, 'accept-encoding': accepts }
      const answer = await fetch(new URL(lease.url, proxied.url), { headers })
      expect(answer.headers.get('content-encoding')).toBe(encoding)
      expect(await answer.text()).toBe(text.slice('a,b\n'.length))
    }
    lease.socket.disconnect()
    await proxied.stop()
  })

  test('[I15] a job whose file is gone from the disk fails with a sentence', async () => {
    const { id } = await send(`${TEXT}2019-11-04,1,1\n`)
    const job = await read<JobView>(submit({ file: id }))
    await rm(join(pool.dataDir, 'files', id), { recursive: true })
    const socket = await connect(pool.url)
    await hello(socket)
    socket.emit('ask', { leases: 1 })
    expect(await ended(job.id)).toMatchObject({ status: 'failed', error: expect.stringContaining('was deleted') })
    socket.disconnect()
  })

  test('[K16] odd files give a result or a sentence', async () => {
    const agent = agents.start([pool.url, '--name', 'Pi', '--threads', '1'])
    const results: [text: string, expected: object][] = [
      ['a,b\n', { rows: 0, notes: [expect.stringContaining('no rows')] }],
      ['a,b\n1,2', { rows: 1, columns: { a: { min: 1 }, b: { max: 2 } } }],
      ['5\n', { rows: 1, columns: { 1: { sum: 5 } } }],
      ['a,b\r\n1,2\n3,4\r\n', { rows: 2, columns: { b: { sum: 6 } } }],
      [`a,b\n${'7'.repeat(3 << 20)},1\n1,2\n`, { rows: 2, overlong: 1, columns: { b: { count: 1, invalid: 1 } } }],
    ]
    for (const [text, expected] of results) {
      const { id } = await send(text)
      const job = await read<JobView>(submit({ file: id }))
      expect(await ended(job.id)).toMatchObject({ status: 'done' })
      expect(await read(pool.call('GET', `/jobs/${job.id}/result`))).toMatchObject(expected)
      // What was computed outlives its file.
      expect((await pool.call('DELETE', `/files/${id}`)).status).toBe(204)
      expect(await read(pool.call('GET', `/jobs/${job.id}/result`))).toMatchObject(expected)
    }
    const { id: long } = await send(`a,b\n${'1.5,2.5\n'.repeat(300_000)}`)
    const estimate = await pool.call('POST', '/estimate', { kind: 'csv', params: { file: long } })
    expect(await estimate.json()).toMatchObject({ taskCount: 3, devices: 1, seconds: expect.any(Number) })
    const wide = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join()
    const refusals: [text: string, words: string, params?: object][] = [
      ['', 'The file is empty'],
      ['\n\n', 'No columns were found'],
      [`${'x'.repeat(3 << 20)}\n1\n`, 'first line is longer than 1 MiB'],
      [`${wide}\n`, 'The file has 10000 columns'],
      [TEXT, 'no column "Nope"', { columns: ['Nope'] }],
    ]
    for (const [text, words, params] of refusals) {
      const { id } = await send(text)
      const answer = await submit({ file: id, ...params })
      expect(answer.status).toBe(422)
      expect((await read<Problem>(answer)).detail).toContain(words)
    }
    agent.child.kill('SIGTERM')
    await agent.ended
  }, 60_000)

  test('[K28] rows of a job’s file are shown to the admin alone, as long as it is there', async () => {
    const { id: file } = await send(TEXT)
    const { id } = await read<JobView>(submit({ file }))
    const at = `/jobs/${id}/rows?at=1:33,2,7`
    expect(await read(pool.call('GET', at))).toEqual({
      items: [
        { row: 1, start: 33, from: 33, text: '2019-11-02,2.5,x', more: false },
        { row: 2, start: 50, from: 50, text: '2019-11-03,,0.5', more: false },
      ],
      next: null,
    })
    for (const headers of [{}, { authorization: 'Bearer wrong' }])
      expect((await fetch(`${pool.url}/api/v1${at}`, { headers })).status).toBe(401)
    for (const wrong of ['', '?at=', '?at=-1', '?at=1:', '?at=x', `?at=${Array(51).fill(1)}`])
      expect((await pool.call('GET', `/jobs/${id}/rows${wrong}`)).status, wrong).toBe(422)
    expect((await pool.call('GET', '/jobs/nothing/rows?at=1')).status).toBe(404)
    const picture = await read<JobView>(
      pool.call('POST', '/jobs', { kind: 'fractal', params: fractal.gallery[0]?.params }),
    )
    expect((await pool.call('GET', `/jobs/${picture.id}/rows?at=1`)).status).toBe(404)
    for (const job of [id, picture.id]) await pool.call('POST', `/jobs/${job}/cancel`)
    expect((await pool.call('DELETE', `/files/${file}`)).status).toBe(204)
    const gone = await pool.call('GET', at)
    expect([gone.status, (await read<Problem>(gone)).detail]).toEqual([410, expect.stringMatching(/was deleted/)])
    await send(TEXT)
    expect((await pool.call('GET', at)).status).toBe(200)
  })

  test('[I16] a job for the host alone is read from the disk by its own agent', async () => {
    const { id } = await send(TEXT.repeat(3).replaceAll('\nTime,Ask,Bid', ''))
    expect((await pool.call('PATCH', '/host', { working: true })).status).toBeLessThan(300)
    const job = await read<JobView>(submit({ file: id }, { devices: 'host', trust: 'normal' }))
    expect(await ended(job.id)).toMatchObject({ status: 'done' })
    const { items } = await read<{ items: ContributionView[] }>(pool.call('GET', `/jobs/${job.id}/contributions`))
    expect(items).toHaveLength(1)
    expect(await read(pool.call('GET', `/jobs/${job.id}/result`))).toMatchObject({ columns: { Ask: { count: 6 } } })
    await pool.call('PATCH', '/host', { working: false })
  }, 60_000)
})
