import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unpackGzip } from '../../coordinator/inputs/gzip.ts'

// What a body unpacks to however it is cut into chunks, and what is refused. The reference is gzip itself.

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

async function unpacked(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]) {
  const parts: Uint8Array[] = []
  for await (const part of unpackGzip(cut(bytes, sizes))) parts.push(part)
  return Buffer.concat(parts).toString('latin1')
}

const zeros = (count: number) => Buffer.alloc(count)
const member = fc.record({
  text: fc.oneof(fc.string({ maxLength: 200 }), fc.constant('1,2\n'.repeat(20_000))),
  level: fc.integer({ min: 0, max: 9 }),
  zeros: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 }), fc.constant(700)),
})
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(65_536)), { minLength: 1, maxLength: 5 })

test('[I24] members with zeros between and behind them are read whole, however the body is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 5 }), sizes, async (members, sizes) => {
      const file = Buffer.concat(
        members.flatMap(({ text, level, zeros: count }) => [gzipSync(text, { level }), zeros(count)]),
      )
      expect(await unpacked(file, sizes)).toBe(Buffer.from(members.map(({ text }) => text).join('')).toString('latin1'))
    }),
    { numRuns: 60 },
  )
})

test('[I24] whatever else follows a member is refused with its place, and nothing is dropped in silence', async () => {
  const first = gzipSync('time,price\n1,100\n')
  for (const junk of [
    Buffer.from('x'),
    Buffer.from([0, 0, 7]),
    Buffer.from([0x1f, 0x8c, 0, 0]),
    gzipSync('2,3\n').subarray(1),
  ]) {
    const at = first.length + (junk[0] === 0 ? 2 : 0)
    for (const size of [1, 7, 1000])
      await expect(unpacked(Buffer.concat([first, junk]), [size])).rejects.toThrow(
        `goes on at byte ${at} with something`,
      )
  }
  await expect(unpacked(Buffer.concat([first, Buffer.from([0x1f])]))).rejects.toThrow('ends too early')
})

test('[I24] what is cut off or damaged anywhere is refused', async () => {
  const file = Buffer.concat([gzipSync('a,b\n1,2\n'.repeat(50)), gzipSync('3,4\n')])
  for (let length = 1; length < file.length; length++) {
    if (length === gzipSync('a,b\n1,2\n'.repeat(50)).length) continue
    await expect(unpacked(file.subarray(0, length), [11])).rejects.toThrow('ends too early')
  }
  for (const at of [file.length - 1, file.length - 6, 12]) {
    const broken = Buffer.from(file)
    broken[at]! ^= 0x55
    await expect(unpacked(broken)).rejects.toThrow(/damaged|ends too early/)
  }
})

test('[I24] a header with a name, a comment, extra bytes and a sum of its own is read', async () => {
  const plain = gzipSync('1,2\n')
  const head = Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 3, 0, 9, 9, 9])
  const file = Buffer.concat([head, Buffer.from('prices.csv\0a comment\0'), Buffer.from([1, 2]), plain.subarray(10)])
  for (const size of [1, 5, 100]) expect(await unpacked(file, [size])).toBe('1,2\n')
})

test.skipIf(spawnSync('gzip', ['--version']).status !== 0)('[I24] gzip itself reads the same', async () => {
  const file = Buffer.concat([gzipSync('a,b\n'), gzipSync('1,2\n'), zeros(512)])
  const { stdout } = spawnSync('gzip', ['-dc'], { input: file })
  expect(await unpacked(file, [3])).toBe(stdout.toString('latin1'))
})

const PADDED = join(import.meta.dirname, '../../../shared/cases/padded-members.csv.gz')
test.skipIf(!existsSync(PADDED))('[I24] the padded export of a real archive is read whole', async () => {
  expect((await unpacked(readFileSync(PADDED), [13])).trim().split('\n')).toHaveLength(5)
})
