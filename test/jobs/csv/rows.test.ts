import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOST_SHOWN_BYTES, rowOf } from '../../../jobs/csv/file-index.ts'
import type { RowPlace } from '../../../jobs/define.ts'
import { completed, indexed } from './index-of.ts'
import { read as readRecords } from './oracle-records.ts'

const MIB = 1 << 20

function reader(bytes: Uint8Array, request: Record<string, unknown> = {}) {
  const index = indexed(bytes, request)
  const params = completed({ ...request, columns: [index.names[0]] }, index)
  const asked: number[] = []
  const read = async (start: number, end: number) => {
    asked.push(end - start)
    return bytes.subarray(start, end)
  }
  return { index, asked, row: (place: RowPlace) => rowOf(params, place, index, read) }
}

test('[K25] a row’s text is what stands in the file at that row, whatever the quotes and line ends', async () => {
  const piece = fc.constantFrom('1', 'é', '"', '""', ',', '\n', '\r\n', '\r', ' ', '\t', '€', '"a\n,"', 'x"')
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 60 }), fc.boolean(), async (pieces, header) => {
      const bytes = Buffer.from(`a,b\n${pieces.join('')}`)
      const { index, row } = reader(bytes, { delimiter: ',', header, timeColumn: null, statistics: 'extremes' })
      const records = readRecords(bytes, ',').rows
      const first = header ? records.findIndex(({ blank }) => !blank) + 1 : 0
      const kept = records.slice(first).filter(({ blank }) => !blank || index.names.length === 1)
      expect(index.rows).toBe(kept.length)
      for (const [number, { start }] of kept.entries()) {
        const found = await row({ row: number })
        const next = records[records.findIndex((record) => record.start === start) + 1]?.start ?? bytes.length
        const whole = bytes.subarray(start, next).toString()
        expect(found).toMatchObject({ row: number, start, from: start, more: false })
        // Nothing of it is missing but the line end, and nothing is added.
        expect(['', '\n', '\r\n'].map((end) => found!.text + end)).toContain(whole)
      }
      expect(await row({ row: kept.length })).toBeNull()
    }),
    { numRuns: 300 },
  )
})

test('[K25] of a long row the part around the asked byte is read, from whole letters, wherever it stands in a large file', async () => {
  const wide = `${'ä€,'.repeat(4000)}HERE${',ü'.repeat(4000)}`
  const huge = `"${'y'.repeat(2 * MIB)}",5`
  const small = Array.from({ length: 300_000 }, (_, i) => `${i},${i * 7}`)
  const lines = [...small, wide, huge, '8,9']
  const bytes = Buffer.from(`a,b\n${lines.join('\n')}\n`)
  const { asked, row } = reader(bytes)
  const at = bytes.indexOf('HERE')
  const found = (await row({ row: 300_000, byte: at }))!
  expect(Buffer.from(found.text).length).toBeLessThanOrEqual(MOST_SHOWN_BYTES)
  expect(bytes.subarray(found.from, found.from + Buffer.from(found.text).length).toString()).toBe(found.text)
  expect(found.text).toContain('HERE')
  expect([found.text.includes('\ufffd'), found.more]).toEqual([false, true])
  // A byte that is elsewhere moves nothing.
  expect((await row({ row: 300_000, byte: 4 }))!.text).toMatch(/^ä€,ä€/)
  expect(await row({ row: 300_001 })).toMatchObject({ text: huge.slice(0, MOST_SHOWN_BYTES), more: true })
  for (const number of [0, 1, 149_999, 299_999, 300_002]) expect((await row({ row: number }))?.text).toBe(lines[number])
  expect(Math.max(...asked)).toBeLessThanOrEqual(2 * MIB + 2)
})
