import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { indexesOf } from '../../coordinator/inputs/indexes.ts'
import type { Files, ImportProgress, Kept } from '../../coordinator/inputs/port.ts'
import { openFiles } from '../../coordinator/inputs/store.ts'
import { csv } from '../../jobs/csv/index.ts'

const TEXT = 'Time,Price\n2019-11-01,1.5\n2019-11-02,"2,5"\n'

let folder: string
let files: Files

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'))
  files = await open()
})
afterEach(() => rm(folder, { recursive: true }))

const open = (maxBytes = 1 << 30) =>
  openFiles({ folder: join(folder, 'files'), indexes: indexesOf([csv]), maxBytes, hostFolder: folder, first: true })

async function* body(bytes: Uint8Array | string, chunk = 1000): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(bytes as string)
  for (let at = 0; at < all.length; at += chunk) yield all.subarray(at, at + chunk)
}
const put = (bytes: Uint8Array | string, chunk?: number) => files.put(body(bytes, chunk), { name: 'prices.csv' })
async function kept(steps: AsyncIterable<ImportProgress>): Promise<Kept> {
  for await (const step of steps) if (step.kept) return step.kept
  throw new Error('The import ended without a file')
}
async function stored(id: string, start?: number, end?: number): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of files.read(id, start, end)) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
/** One byte many times, as zstd writes it. */
function zstdOf(letter: string, count: number): Uint8Array {
  const block = Buffer.from([0, 0, 0, letter.charCodeAt(0)])
  block.writeUIntLE((count << 3) | (1 << 1) | 1, 0, 3)
  return Buffer.concat([Buffer.from('28b52ffd0038', 'hex'), block])
}
const left = async () => (await readdir(join(folder, 'files'))).filter((name) => name !== 'incoming')

describe('files', () => {
  test('[I1] the same content twice is one file, however it arrives', async () => {
    const first = await put(TEXT, 7)
    const second = await put(TEXT, 1)
    expect(first.created).toBe(true)
    expect(second).toEqual({ file: first.file, created: false })
    expect(first.file).toMatchObject({ name: 'prices.csv', bytes: TEXT.length, storedBytes: TEXT.length, rows: 2 })
    expect(await files.list()).toEqual([first.file])
    const together = await Promise.all([put('a\n1\n'), put('a\n1\n')])
    expect(together.map(({ created }) => created).sort()).toEqual([false, true])
  })

  test('[I2] what is kept is UTF-8 without a mark, whatever was sent', async () => {
    const text = 'Größe,€\n1,2\n'
    const utf16 = Buffer.from(text, 'utf16le')
    const sent: [Uint8Array, string][] = [
      [Buffer.from(`\ufeff${text}`), 'utf-8'],
      [Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), 'utf-16le'],
      [Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]), 'utf-16be'],
      [Buffer.from('a,b\n1,2\n3,4\n5,6\n', 'utf16le'), 'utf-16le'],
      [gzipSync(text), 'utf-8'],
    ]
    for (const [bytes, encoding] of sent) {
      for (const chunk of [1, 3, 100_000]) {
        const { file } = await put(bytes, chunk)
        expect(file).toMatchObject({ encoding, replaced: 0, bytes: bytes.length })
        expect(await stored(file.id)).toBe(encoding === 'utf-16le' && bytes[0] === 97 ? 'a,b\n1,2\n3,4\n5,6\n' : text)
      }
    }
    const latin = await put(Buffer.from('Größe\n1\n', 'latin1'))
    expect(latin.file.encoding).toBe('latin1')
    expect(await stored(latin.file.id)).toBe('Größe\n1\n')
  })

  test('[I3] bytes that are no text after the first megabyte become U+FFFD and are counted', async () => {
    const head = `a,b\n${'1,2\n'.repeat(300_000)}`
    const { file } = await put(
      Buffer.concat([Buffer.from(head), Buffer.from([0xff, 0x31]), Buffer.from('\ufffd\n')]),
      65_536,
    )
    expect(file).toMatchObject({ encoding: 'utf-8', replaced: 1 })
    expect(await stored(file.id, head.length)).toBe('\ufffd1\ufffd\n')
  })

  test('[I4] what cannot be taken is refused with a sentence, and nothing of it stays', async () => {
    const binary = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))
    await expect(put(binary)).rejects.toMatchObject({
      reason: 'not-text',
      message: expect.stringContaining('not text'),
    })
    const packed = gzipSync('a,b\n1,2\n'.repeat(5000))
    await expect(put(packed.subarray(0, packed.length - 20), 50)).rejects.toMatchObject({ reason: 'damaged' })
    await expect(put(Buffer.concat([packed, Buffer.from('rubbish')]), 50)).rejects.toMatchObject({ reason: 'damaged' })
    const broken = Buffer.from(packed)
    broken[packed.length >> 1]! ^= 255
    await expect(put(broken, 50)).rejects.toMatchObject({ reason: 'damaged' })
    await expect(put(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]))).rejects.toMatchObject({ reason: 'damaged' })
    async function* cutOff() {
      yield Buffer.from(TEXT)
      throw new Error('The connection was lost.')
    }
    await expect(files.put(cutOff(), { name: 'x' })).rejects.toThrow('The connection was lost.')
    expect(await left()).toEqual([])
    expect(await readdir(join(folder, 'files', 'incoming'))).toEqual([])
  })

  test('[I5] the limit holds for what is sent, said and unpacked', async () => {
    files = await open(10_000)
    const large = 'a,b\n1,2\n'.repeat(10_000)
    for (const attempt of [
      () => put(large),
      () => put(gzipSync(large)),
      () => put(zstdOf('1', 100_000)),
      () => files.put(body(TEXT), { name: 'x', bytes: 10_001 }),
    ])
      await expect(attempt()).rejects.toMatchObject({ reason: 'too-large' })
    const tooMuch = Number.MAX_SAFE_INTEGER
    files = await open(tooMuch)
    await expect(files.put(body(TEXT), { name: 'x', bytes: tooMuch })).rejects.toMatchObject({ reason: 'no-space' })
    expect(await left()).toEqual([])
  })

  test('[I6] an index is made once per dialect and kept', async () => {
    const { file } = await put('a;b\n"x\ny";1\n')
    expect(await files.index(file.id, {})).toMatchObject({ rows: 1, delimiter: ';', names: ['a', 'b'] })
    const other = await files.index(file.id, { delimiter: ',', header: false })
    expect(other).toMatchObject({ rows: 2, names: ['1'] })
    const sidecars = async () =>
      (await readdir(join(folder, 'files', file.id))).filter((name) => name.startsWith('index-'))
    expect(await sidecars()).toHaveLength(2)
    files = await open()
    expect(await files.index(file.id, { delimiter: ',', header: false })).toEqual(other)
  })

  test('[I7] after a restart files are there, and what was half sent is not', async () => {
    const { file } = await put(TEXT)
    await writeFile(join(folder, 'files', 'incoming', 'half'), 'a')
    files = await open()
    expect(await files.list()).toEqual([file])
    expect(await readdir(join(folder, 'files', 'incoming'))).toEqual([])
  })

  test('[I8] a deleted file is gone for every reader, and says so', async () => {
    const { file } = await put(TEXT)
    expect(await stored(file.id, 11, 25)).toBe('2019-11-01,1.5')
    expect(await files.delete(file.id)).toBe(true)
    expect(await files.delete(file.id)).toBe(false)
    expect(await files.get(file.id)).toBeUndefined()
    await expect(stored(file.id)).rejects.toMatchObject({ reason: 'unknown' })
    await expect(files.index(file.id, {})).rejects.toMatchObject({ reason: 'unknown' })
    for (const id of ['..', '../incoming', '', 'a'.repeat(32)]) {
      expect(await files.get(id)).toBeUndefined()
      expect(await files.delete(id)).toBe(false)
      await expect(stored(id)).rejects.toMatchObject({ reason: 'unknown' })
    }
  })

  test('[I9] files of the host are taken from the allowed folder only', async () => {
    await writeFile(join(folder, 'host.csv'), TEXT)
    expect((await kept(files.adopt('host.csv'))).file).toMatchObject({ name: 'host.csv', bytes: TEXT.length })
    expect((await kept(files.adopt(join(folder, 'host.csv')))).created).toBe(false)
    for (const path of ['/etc/passwd', '../../etc/passwd', 'missing.csv', '.', ''])
      await expect(kept(files.adopt(path))).rejects.toMatchObject({ reason: 'unknown' })
  })

  test('[I10] an empty file is kept; what to say of it is for whoever reads it', async () => {
    const { file } = await put('')
    expect(file).toMatchObject({ bytes: 0, storedBytes: 0, rows: 0 })
    expect(await stored(file.id)).toBe('')
  })
})
