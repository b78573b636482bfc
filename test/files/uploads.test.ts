import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { indexesOf } from '../../coordinator/inputs/indexes.ts'
import type { Files, ImportProgress } from '../../coordinator/inputs/port.ts'
import { openFiles } from '../../coordinator/inputs/store.ts'
import { UPLOAD_KEPT_MS } from '../../coordinator/inputs/upload-records.ts'
import { openUploads, type TusAnswer, type TusRequest, type Uploads } from '../../coordinator/inputs/uploads.ts'
import { createLog } from '../../coordinator/log.ts'
import { csv } from '../../jobs/csv/index.ts'
import type { UploadView } from '../../protocol/api.ts'

const TEXT = `Time,Price\n${'2019-11-01,1.5\n'.repeat(5000)}`

let folder: string
let files: Files
let uploads: Uploads
/** How long the pool has run. */
let ranMs = 0

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uploads-'))
  await open()
})
afterEach(async () => {
  await uploads.close()
  await rm(folder, { recursive: true })
})

const store = (maxBytes: number) =>
  openFiles({ folder: join(folder, 'files'), indexes: indexesOf([csv]), maxBytes, hostFolder: folder, first: true })
async function open(maxBytes = 1 << 30, changed: Partial<Files> = {}): Promise<void> {
  files = await store(maxBytes)
  uploads = await openUploads({
    folder: join(folder, 'uploads'),
    files: { ...files, ...changed },
    running: { ms: () => ranMs },
    log: createLog('silent'),
  })
}
async function openAgain(changed: Partial<Files> = {}): Promise<void> {
  await uploads.close()
  await open(1 << 30, changed)
}

/** Changes what is kept of an upload beside its bytes. */
async function rewrite(id: string, changed: object): Promise<void> {
  const place = join(folder, 'uploads', `${id}.json`)
  await writeFile(place, JSON.stringify({ ...JSON.parse(await readFile(place, 'utf8')), ...changed }))
}

async function* body(...parts: (Uint8Array | string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part
    yield Buffer.from(part as string)
  }
}
function speak(
  method: TusRequest['method'],
  id: string | null,
  headers: object = {},
  bytes: TusRequest['body'] = body(),
) {
  return uploads.speak({ method, id, headers: { 'tus-resumable': '1.0.0', ...headers }, body: bytes })
}
async function begin(bytes: number, name = 'prices.csv'): Promise<string> {
  const metadata = `filename ${Buffer.from(name).toString('base64')},modified ${Buffer.from('1572566400000').toString('base64')}`
  const answer = await speak('POST', null, { 'upload-length': `${bytes}`, 'upload-metadata': metadata })
  expect(answer.status).toBe(201)
  return answer.headers['location']!.split('/').at(-1)!
}
const piece = (id: string, offset: number, ...parts: Parameters<typeof body>): Promise<TusAnswer> =>
  speak(
    'PATCH',
    id,
    { 'upload-offset': `${offset}`, 'content-type': 'application/offset+octet-stream' },
    body(...parts),
  )
const offsetOf = async (id: string) => Number((await speak('HEAD', id)).headers['upload-offset'])
async function ended(id: string): Promise<UploadView> {
  await expect.poll(async () => (await uploads.get(id))?.state, { interval: 10 }).not.toBe('importing')
  return (await uploads.get(id))!
}
async function send(bytes: Uint8Array | string): Promise<UploadView> {
  const all = Buffer.from(bytes as string)
  const id = await begin(all.length)
  if (all.length > 0) expect((await piece(id, 0, all)).status).toBe(204)
  return ended(id)
}
async function stored(id: string): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of files.read(id)) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
/** Everything that stands where uploads do, but for their records. */
const pieces = async () => (await readdir(join(folder, 'uploads'))).filter((name) => !name.endsWith('.json'))

describe('uploads in pieces', () => {
  test('[I18] one that broke off goes on where it stands, and becomes the file that the same bytes become at once', async () => {
    const id = await begin(TEXT.length)
    expect(await uploads.get(id)).toMatchObject({ state: 'receiving', receivedBytes: 0, modified: '1572566400000' })
    await piece(id, 0, TEXT.slice(0, 1000))
    await piece(id, 1000, TEXT.slice(1000, 40_000), new Error('The line was cut.'))
    const offset = await offsetOf(id)
    expect(offset).toBeGreaterThanOrEqual(1000)
    expect(offset).toBeLessThanOrEqual(40_000)
    expect((await piece(id, offset, TEXT.slice(offset))).status).toBe(204)
    const upload = await ended(id)
    const { file, created } = await files.put(body(TEXT), { name: 'other.csv' })
    expect(created).toBe(false)
    expect(upload).toMatchObject({ state: 'kept', file: file.id })
    expect(file).toMatchObject({ name: 'prices.csv', bytes: TEXT.length, rows: 5000 })
    expect(await stored(file.id)).toBe(TEXT)
    // Whoever missed the last answer does not send it all again.
    expect(await offsetOf(id)).toBe(TEXT.length)
    expect((await piece(id, TEXT.length, 'x')).status).toBe(409)
  })

  test('[I18] an empty one is complete when it begins', async () => {
    expect(await send('')).toMatchObject({ state: 'kept', bytes: 0 })
  })

  test('[I19] text is written once and stays; everything else is written anew; no pieces are left of either', async () => {
    const id = await begin(TEXT.length)
    await piece(id, 0, TEXT.slice(0, -1))
    const { ino } = await stat(join(folder, 'uploads', id))
    await piece(id, TEXT.length - 1, TEXT.slice(-1))
    const plain = await ended(id)
    if (plain.state !== 'kept') throw new Error(plain.state)
    expect(await stat(files.path(plain.file))).toMatchObject({ ino, nlink: 1, mode: 0o100600 })
    const late = `a,b\n${'1,2\n'.repeat(300_000)}`
    const changed: [Uint8Array, string][] = [
      [gzipSync(`${TEXT}gzip`), `${TEXT}gzip`],
      [Buffer.from(`\ufeff${TEXT}mark`), `${TEXT}mark`],
      [Buffer.from('Größe\n1\n', 'latin1'), 'Größe\n1\n'],
      // No text, where it was taken for text already.
      [Buffer.concat([Buffer.from(late), Buffer.from([0xff, 10])]), `${late}\ufffd\n`],
    ]
    for (const [sent, text] of changed) {
      const upload = await send(sent)
      expect(upload.state === 'kept' && (await stored(upload.file))).toBe(text)
    }
    expect(await pieces()).toEqual([])
    expect(await readdir(join(folder, 'files', 'incoming'))).toEqual([])
  })

  test('[I20] what was refused says why until it is forgotten, and nothing of it stays', async () => {
    const upload = await send(new Uint8Array(300_000).map((_, i) => (i * 7919) % 251))
    expect(upload).toMatchObject({ state: 'refused', problem: expect.stringContaining('not text') })
    expect(await pieces()).toEqual([])
    expect(await files.list()).toEqual([])
    await openAgain()
    expect(await uploads.get(upload.id)).toEqual({ ...upload, expiresAt: expect.any(String) })
    expect((await speak('DELETE', upload.id)).status).toBe(204)
    expect(await uploads.get(upload.id)).toBeUndefined()
    expect((await speak('DELETE', upload.id)).status).toBe(404)
  })

  test('[I20] after a restart the half sent goes on, the complete is read, and litter and the old are gone', async () => {
    const [half, whole, old] = [await begin(TEXT.length), await begin(4), await begin(10)]
    await piece(half, 0, TEXT.slice(0, 3000))
    await piece(old, 0, '1')
    await uploads.close()
    ranMs += UPLOAD_KEPT_MS + 1
    for (const young of [half, whole]) await rewrite(young, { begunMs: ranMs - UPLOAD_KEPT_MS + 60_000 })
    // As a kill leaves them: all bytes there and nobody told, bytes without a record, a record half written.
    await writeFile(join(folder, 'uploads', whole), 'a\n1\n')
    await writeFile(join(folder, 'uploads', 'f'.repeat(32)), 'a')
    await writeFile(join(folder, 'uploads', `${half}.json.0`), '{')
    await openAgain()
    expect(await ended(whole)).toMatchObject({ state: 'kept' })
    expect((await uploads.list()).map(({ id }) => id).sort()).toEqual([half, whole].sort())
    expect(await pieces()).toEqual([half])
    expect(await offsetOf(half)).toBe(3000)
    expect((await speak('HEAD', old)).status).toBe(404)
    expect((await piece(half, 3000, TEXT.slice(3000))).status).toBe(204)
    expect(await ended(half)).toMatchObject({ state: 'kept' })
  })

  test('[I20] whatever the host’s clock says, an upload is as old as the pool has run since it began', async () => {
    const [past, future, earlier] = [await begin(10), await begin(10), await begin(10)]
    await uploads.close()
    await rewrite(past, { createdAt: '1970-01-01T00:10:00.000Z' })
    await rewrite(future, { createdAt: '2099-01-01T00:00:00.000Z' })
    // A release before this one did not say how long the pool had run.
    await rewrite(earlier, { createdAt: '1970-01-01T00:10:00.000Z', begunMs: undefined })
    ranMs += UPLOAD_KEPT_MS - 60_000
    await open()
    for (const id of [past, future, earlier]) expect((await piece(id, 0, '1')).status).toBe(204)
    expect(Date.parse((await uploads.get(past))!.expiresAt)).toBeLessThanOrEqual(Date.now() + 60_000)
    ranMs += 60_001
    await openAgain()
    for (const id of [past, future]) expect((await speak('HEAD', id)).status).toBe(404)
    expect(await offsetOf(earlier)).toBe(1)
  })

  test('[I20] when its file is deleted, the same may be sent again', async () => {
    const upload = await send(TEXT)
    expect(upload.state === 'kept' && (await files.delete(upload.file))).toBe(true)
    expect((await speak('HEAD', upload.id)).status).toBe(404)
    expect(await send(TEXT)).toMatchObject({ state: 'kept' })
  })

  test('[I20] it is forgotten while it is received, and while it is read', async () => {
    const half = await begin(100)
    await piece(half, 0, '1,2\n')
    expect((await speak('DELETE', half)).status).toBe(204)
    let reading = ''
    let forgotten: Promise<TusAnswer> | undefined
    await openAgain({
      take: (path, name) =>
        watched(files.take(path, name), () => {
          if (reading) return
          reading = path.split('/').at(-1)!
          forgotten = speak('DELETE', reading)
        }),
    })
    const long = `${TEXT}${'2019-11-02,2.5\n'.repeat(500_000)}`
    const id = await begin(long.length)
    await piece(id, 0, long)
    await expect.poll(() => forgotten).toMatchObject({ status: 204 })
    expect(reading).toBe(id)
    expect(await uploads.list()).toEqual([])
    expect(await files.list()).toEqual([])
    expect(await readdir(join(folder, 'uploads'))).toEqual([])
    expect(await readdir(join(folder, 'files', 'incoming'))).toEqual([])
  })

  test('[I20] a file of the host is seen among them while it is read, and stopped as they are', async () => {
    await writeFile(join(folder, 'host.csv'), TEXT)
    const seen: UploadView[] = []
    const read = uploads.show(
      'host.csv',
      watched(files.adopt('host.csv'), async () => void seen.push(...(await uploads.list()))),
    )
    expect(await read).toMatchObject({ created: true, file: { name: 'host.csv' } })
    expect(seen[0]).toMatchObject({ name: 'host.csv', state: 'importing', bytes: TEXT.length })
    expect(await uploads.list()).toEqual([])
    await writeFile(join(folder, 'long.csv'), TEXT + '2019-11-02,2.5\n'.repeat(500_000))
    let stopped: Promise<TusAnswer> | undefined
    const stop = async () => speak('DELETE', (await uploads.list())[0]!.id)
    const long = uploads.show(
      'long.csv',
      watched(files.adopt('long.csv'), () => {
        stopped ??= stop()
      }),
    )
    await expect(long).rejects.toMatchObject({ reason: 'stopped' })
    expect(await stopped).toMatchObject({ status: 204 })
    expect((await files.list()).map(({ name }) => name)).toEqual(['host.csv'])
    expect(await readdir(join(folder, 'files', 'incoming'))).toEqual([])
  })

  test('[I21] a piece that does not fit changes nothing', async () => {
    const id = await begin(10)
    await piece(id, 0, '12345')
    expect((await piece(id, 0, '12345')).status).toBe(409)
    expect((await piece(id, 6, '6789')).status).toBe(409)
    expect((await piece(id, 5, '678901')).status).toBe(413)
    expect(await offsetOf(id)).toBe(5)
    const elsewhere = 'f'.repeat(32)
    for (const odd of [elsewhere, '..', 'unknown', `${id}.json`])
      expect((await speak('HEAD', odd)).status, odd).toBe(404)
    expect((await uploads.speak({ method: 'POST', id: null, headers: {}, body: body() })).status).toBe(412)
    expect((await speak('POST', null, { 'upload-defer-length': '1' })).status).toBe(501)
    expect((await speak('POST', null, { 'upload-length': '-1' })).status).toBe(400)
    expect((await uploads.list()).length).toBe(1)
  })

  test('[I21] there is room for what was promised, and no more', async () => {
    await expect(begin(2 ** 31)).rejects.toMatchObject({ reason: 'too-large' })
    await uploads.close()
    await open(Number.MAX_SAFE_INTEGER)
    await expect(begin(2 ** 52)).rejects.toMatchObject({ reason: 'no-space' })
    // A disk with room for a thousand bytes, of which the first upload has taken six hundred.
    const room = async (bytes: number, besides = 0) => {
      if (bytes + besides > 1000) throw Object.assign(new Error('full'), { reason: 'no-space' })
    }
    await openAgain({ room })
    const first = await begin(600)
    await expect(begin(500)).rejects.toMatchObject({ reason: 'no-space' })
    await begin(400)
    expect((await piece(first, 0, 'a'.repeat(600))).status).toBe(204)
  })
})

/** An import whose progress somebody else hears too, after whoever reads it. */
async function* watched(steps: AsyncIterable<ImportProgress>, hear: () => unknown): AsyncGenerator<ImportProgress> {
  for await (const step of steps) {
    yield step
    await hear()
  }
}
