import { describe, expect, test } from 'vitest'
import { createXxh64, unpackZstd } from '../../coordinator/inputs/zstd.ts'

// Packed by the reference implementation, zstd 1.5.4: `-19`, `-D` with a trained dictionary, `--long=27`.

const TEXT = `Time,Price\n${Array.from({ length: 120 }, (_, i) => `2019-11-${String((i % 30) + 1).padStart(2, '0')},${((i * 7919) % 9973) / 100}\n`).join('')}`
const PACKED = Buffer.from(
  'KLUv/WTpBlUOAJarWBWQJYU6a13/V+rmU7nlNsKGbHfmZhBXAFEAUAB3G8V0Pgsp/DBqNsYgp0TSnRSI8nBxgg8ZNnYbdV0mqLdU' +
    'TMlzIXlPRm1qDKVeE4l2VaDIdnF2W4ZdfY1qxwkqGysme17IEB0ILSE7yKAgMFAAEAWCgYAPF716SJxbyTtGS82FUT0ZVTM1KHGa' +
    'mKGrQi6vi7a2lPkaafhN4FhxlOOFIZ0ZlfIgQYMPFHNzLaR5UW6JYUweicSHAmkmi0OcMCztihrZJChpMg85vT27U1mqbrmUJzs1' +
    'kGyaOOxVcteZbHnD19o31bHSxhs5k4YHwXog6TWzi0d3eKTqoRwmG5uQ6IrEvERqIxs+sw9LY1DlKDFJJ4XMEIPMkaZOu+EhER8q' +
    'dMfyVi1Hw5OFT3OmmZzq6LoOWwputfkmvyIaD3PMvLMzD3T4YKWLIovdIvMQ4WM4E2avuUtONipuVvOhdbxRSE7CO3eoESgYJfH9' +
    'DVA1SXUQVjTxAxDVGgmJ2Hp9wMqR+4UQwYUiyQtCf6G/kpbHX2qMIkIyGKhP/R1DsQqJgNX8TBS/VaD06GcKehrYoff7GwACQkCS' +
    'uuPKAgK6Y2y6qEViAGrLMFsVvUPKYg==',
  'base64',
)
const WITH_DICTIONARY = Buffer.from('KLUv/SfmRMJCCEEAAGEsYgoxLDIKNefKzg==', 'base64')
const FROM_FAR_BACK = Buffer.from('KLUv/QSIQQAAYSxiCjEsMgo158rO', 'base64')
/** By hand: Huffman weights of which one symbol takes every place. fzstd alone would read them for ever. */
const ENDLESS = Buffer.from('28b52ffd201475000042810205f003ffff010102030400', 'hex')
/** By hand: a block of bytes as they are, one byte repeated, and a frame that is to be skipped. */
const RAW = Buffer.concat([Buffer.from('28b52ffd2004210000', 'hex'), Buffer.from('1,2\n')])
const REPEATED = Buffer.from('28b52ffd20' + '05' + '2b0000' + '37', 'hex')
const SKIPPED = Buffer.from('532a4d1805000000' + '1122334455', 'hex')

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function unpacked(bytes: Uint8Array, size = 1000): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of unpackZstd(cut(bytes, size))) parts.push(part)
  return Buffer.concat(parts).toString('latin1')
}
const refused = (bytes: Uint8Array) =>
  unpacked(bytes).then(
    () => 'taken',
    ({ reason }: { reason?: string }) => reason ?? 'thrown',
  )

describe('zstd', () => {
  test('[I17] frames of every kind are unpacked as they come, however they are cut', async () => {
    const many = Buffer.concat([SKIPPED, PACKED, RAW, SKIPPED, REPEATED, PACKED])
    for (const size of [1, 3, 100, many.length]) {
      expect(await unpacked(PACKED, size)).toBe(TEXT)
      expect(await unpacked(many, size)).toBe(`${TEXT}1,2\n77777${TEXT}`)
    }
  })

  test('[I24] zeros around frames are padding; whatever else follows one is refused with its place', async () => {
    const padded = Buffer.concat([RAW, Buffer.alloc(3), PACKED, Buffer.alloc(700), REPEATED, Buffer.alloc(1)])
    for (const size of [1, 5, padded.length]) expect(await unpacked(padded, size)).toBe(`1,2\n${TEXT}77777`)
    for (const junk of ['x', 'rubbish', '\x28\xb5\x2f\xff'])
      await expect(unpacked(Buffer.concat([PACKED, Buffer.from(junk, 'latin1')]), 7)).rejects.toThrow(
        `goes on at byte ${PACKED.length} with something`,
      )
  })

  test('[I17] whatever is cut off, damaged, or packed in a way that cannot be read here is refused', async () => {
    for (let length = 1; length < PACKED.length; length++)
      expect(await refused(PACKED.subarray(0, length))).toBe('damaged')
    const outcomes = new Set<string>()
    for (let at = 0; at < PACKED.length; at++) {
      const bytes = Buffer.from(PACKED)
      bytes[at]! ^= 1 << (at % 8)
      // A few bits say the same in another way.
      const outcome = await unpacked(bytes).catch(({ reason }) => reason ?? 'thrown')
      if (outcome !== TEXT) outcomes.add(outcome)
    }
    expect([...outcomes].sort()).toEqual(['damaged'])
    expect(await refused(Buffer.concat([PACKED, Buffer.from('rubbish')]))).toBe('damaged')
    expect(await refused(ENDLESS)).toBe('damaged')
    await expect(unpacked(WITH_DICTIONARY)).rejects.toThrow('packed with a zstd dictionary')
    await expect(unpacked(FROM_FAR_BACK)).rejects.toThrow('--ultra or --long')
    async function* broken() {
      yield PACKED.subarray(0, 100)
      throw new Error('The connection was lost.')
    }
    await expect(unpackZstd(broken())[Symbol.asyncIterator]().next()).rejects.toThrow('The connection was lost.')
  })

  test('[I17] the checksum is XXH64, however its bytes come', () => {
    const sum = (bytes: Uint8Array, size = bytes.length || 1) => {
      const hash = createXxh64()
      for (let at = 0; at < bytes.length; at += size) hash.push(bytes.subarray(at, at + size))
      return hash.end().toString(16)
    }
    expect(sum(Buffer.from(''))).toBe('ef46db3751d8e999')
    expect(sum(Buffer.from('abc'))).toBe('44bc2cf5ad770999')
    expect(sum(Buffer.from('Nobody inspects the spammish repetition'))).toBe('fbcea83c8a378bf1')
    const long = Buffer.from(TEXT)
    for (const size of [1, 7, 31, 32, 33, 1000]) expect(sum(long, size)).toBe(sum(long))
  })
})
