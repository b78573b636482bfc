import { expect, test } from 'vitest'
import { auditOf } from '../../coordinator/pool/checks.ts'
import { sipHash, sipHashFamily } from '../../coordinator/pool/random.ts'
import type { JobId } from '../../protocol/ids.ts'

const KEY = Uint8Array.from({ length: 16 }, (_, i) => i)

// First 16 of vectors_sip64 in the reference implementation (github.com/veorq/SipHash): key 00…0f, message 00, 01, …
const VECTORS = [
  '310e0edd47db6f72',
  'fd67dc93c539f874',
  '5a4fa9d909806c0d',
  '2d7efbd796666785',
  'b7877127e09427cf',
  '8da699cd64557618',
  'cee3fe586e46c9cb',
  '37d1018bf50002ab',
  '6224939a79f5f593',
  'b0e4a90bdf82009e',
  'f3b9dd94c5bb5d7a',
  'a7ad6b22462fb3f4',
  'fbe50e86bc8f1e75',
  '903d84c02756ea14',
  'eef27a8e90ca23f7',
  'e545be4961ca29a1',
]

function hex([low, high]: readonly [number, number]): string {
  const bytes = [low, high].flatMap((word) => [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24])
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

test('SipHash-2-4 gives the published vectors', () => {
  VECTORS.forEach((vector, length) => {
    expect(hex(sipHash(KEY, KEY.subarray(0, length)))).toBe(vector)
  })
})

test('absorbing the prefix once changes nothing', () => {
  const prefix = Uint8Array.from('job-17', (letter) => letter.charCodeAt(0))
  const family = sipHashFamily(KEY, prefix)
  for (const n of [0, 1, 255, 65_536, 4_294_967_295]) {
    const message = new Uint8Array(12)
    message.set(prefix)
    new DataView(message.buffer).setUint32(8, n, true)
    expect(family(n)).toBe(sipHash(KEY, message)[0])
  }
})

test('[T4] one task in thirty is drawn, by key and job, and the same ones again after a restart', () => {
  const draw = (key: Uint8Array, job: string) => {
    const audited = auditOf(key, job as JobId)
    return Array.from({ length: 60_000 }, (_, task) => task).filter(audited)
  }
  const drawn = draw(KEY, 'a')
  expect(drawn.length).toBeGreaterThan(1850)
  expect(drawn.length).toBeLessThan(2150)
  expect(draw(KEY, 'a')).toEqual(drawn)
  expect(draw(KEY, 'b')).not.toEqual(drawn)
  expect(
    draw(
      KEY.map((byte) => byte ^ 1),
      'a',
    ),
  ).not.toEqual(drawn)
})
