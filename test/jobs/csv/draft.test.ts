import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FORMATS } from '../../../jobs/csv/detect.ts'
import {
  AFRESH,
  chosenColumns,
  columnsParam,
  type Draft,
  draftOf,
  numericOf,
  type Pick,
  paramsOf,
  priceLike,
  readingOf,
  understood,
} from '../../../jobs/csv/editor/draft.ts'
import { COUNT_FORMATS, timeExample } from '../../../jobs/csv/editor/words.ts'
import { HEAD_BYTES } from '../../../jobs/csv/file-index.ts'
import { schema } from '../../../jobs/csv/params.ts'
import { type CsvPreview, preview } from '../../../jobs/csv/preview.ts'
import { isTime } from '../../../jobs/csv/verdict.ts'
import { indexed } from './index-of.ts'

// From what a person types and chooses to params.

const seenOf = (text: string, request: object = {}): CsvPreview => {
  const params = schema.parse({ file: 'f', ...request })
  const bytes = Buffer.from(text)
  return preview(params, bytes.subarray(0, HEAD_BYTES), indexed(bytes, params), true)
}
const PRICES = seenOf('Time,Ask,Bid,AskVolume,Exchange\n2019-11-01,1.5,1.25,3,x\n2019-11-02,2.5,2,4,y\n')
const blank = draftOf(schema.parse({ file: 'f' }))
const typed = (text: string): Pick => ({ type: 'typed', text })

describe('what is typed about a CSV file', () => {
  test('[K23] params become a draft and the same params again', () => {
    for (const given of [
      { statistics: 'extremes' },
      { delimiter: '\t', header: false, decimal: ',', timeColumn: null, columns: ['Ask'] },
      { timeColumn: 'Time', timeFormat: 'iso', columns: ['Ask', 'Bid'], price: { min: 0 }, groupBy: 'day' },
      { columns: ['Bid'], price: { max: 1e21 }, histogram: { bins: 5, min: -0.5, max: 1e-7 } },
    ]) {
      const params = schema.parse({ file: 'f', ...given })
      const { columns: _, ...rest } = params
      expect(paramsOf(draftOf(params), null), JSON.stringify(given)).toEqual(params)
      expect(paramsOf(draftOf(params), PRICES)).toMatchObject(rest)
    }
  })

  test('[K23] whatever is typed is kept, sent as it is, and answered at its field', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('1e999', '−5', ' 7 ', '0x10', 'NaN', '1,5', '💧', '"', '\u0000'))
    fc.assert(
      fc.property(fc.record({ min: text, bins: text, delimiter: text, format: text, name: text }), (some) => {
        const draft: Draft = {
          ...blank,
          ...{ priceMin: some.min, bins: some.bins, histogramMin: some.min },
          ...{ delimiter: typed(some.delimiter), timeFormat: typed(some.format), timeColumn: typed(some.name) },
        }
        const params = paramsOf(draft, PRICES)
        // What travels is what was meant: JSON loses nothing of it.
        expect(JSON.parse(JSON.stringify(params))).toEqual(params)
        const answer = schema.safeParse(params)
        const paths = new Set((answer.error?.issues ?? []).map(({ path }) => path.join('.')))
        expect(paths.has('delimiter')).toBe(!/^[\t !#$%&'()*,/:;<=>?@[\\\]^_`{|}~]$/.test(some.delimiter))
        const number = /^\s*[+−-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i
        const fine =
          some.min.trim() === '' || (number.test(some.min) && Math.abs(Number(some.min.replace('−', '-'))) < Infinity)
        expect(paths.has('price.min')).toBe(!fine)
        for (const { message } of answer.error?.issues ?? []) expect(message).toMatch(/^[A-Z].*\.$/s)
      }),
    )
    expect(paramsOf({ ...blank, statistics: 'extremes', bins: 'x', groupBy: 'day' }, null)).toEqual({
      file: 'f',
      statistics: 'extremes',
    })
  })

  test('[K23] what is wrong in one field keeps nobody from looking', () => {
    const draft: Draft = { ...blank, header: 'no', delimiter: typed(',,'), priceMax: 'x', decimal: ',' }
    expect(understood(readingOf(draft))).toEqual({ header: false, decimal: ',' })
    const clashing = { ...draft, delimiter: typed(','), priceMax: '' }
    expect(understood(readingOf(clashing))).toEqual({ header: false, delimiter: ',' })
  })

  test('[K23] ready-made params replace what they name and leave the rest; another file is read by its own guesses', () => {
    const before: Draft = { ...blank, delimiter: typed(';'), priceMin: '5', columns: ['Ask'] }
    expect(draftOf(schema.parse({ file: 'f', statistics: 'extremes' }), before)).toEqual({
      ...before,
      statistics: 'extremes',
    })
    expect(readingOf({ ...before, ...AFRESH })).toEqual({ price: { min: 5 } })
  })

  test('[K23] until somebody chooses, the columns that hold no words are chosen, as many as fit', () => {
    expect(numericOf(PRICES)).toEqual(['Ask', 'Bid', 'AskVolume'])
    expect(paramsOf(blank, PRICES)).toMatchObject({ columns: ['Ask', 'Bid', 'AskVolume'] })
    expect(paramsOf(blank, seenOf('a,b\n1,2\n'))).not.toHaveProperty('columns')
    expect(paramsOf(blank, seenOf('a,b\nx,y\n', { header: true }))).not.toHaveProperty('columns')
    const wide = seenOf(`${Array.from({ length: 300 }, (_, i) => `c${i}`).join(',')}\n${'1,'.repeat(299)}1\n`)
    expect(chosenColumns(blank, wide)).toHaveLength(32)
    expect(chosenColumns({ ...blank, statistics: 'extremes' }, wide)).toHaveLength(256)
    expect(priceLike(PRICES)).toEqual(['Ask', 'Bid'])
  })

  test('[K23] chosen columns that are not in the file as it is now read come back when they are', () => {
    const chosen = { ...blank, columns: ['Ask', 'Bid'] }
    const split = seenOf('Time,Ask,Bid,AskVolume,Exchange\n2019-11-01,1.5,1.25,3,x\n', { delimiter: ';' })
    expect(chosenColumns(chosen, split)).toEqual(['1'])
    expect(chosenColumns(chosen, PRICES)).toEqual(['Ask', 'Bid'])
    expect(chosenColumns({ ...blank, columns: [] }, PRICES)).toEqual([])
    expect(columnsParam([], PRICES)).toEqual([])
    const far = { ...PRICES, moreColumns: 5 }
    expect(chosenColumns({ ...blank, columns: ['Ask', 'c12000'] }, far)).toEqual(['Ask', 'c12000'])
    expect(columnsParam(['Ask', 'Bid', 'AskVolume', 'Exchange'], far)).toHaveLength(4)
  })

  test('[K23] the format seen in a column that somebody says holds the times goes with the job', () => {
    const text = 'When,Other,Open\n2019-11-01,1572566400,1\n'
    const draft: Draft = { ...blank, timeColumn: { type: 'picked', text: 'Other' } }
    const seen = seenOf(text, readingOf(draft))
    expect(paramsOf(draft, seen)).toMatchObject({ timeColumn: 'Other', timeFormat: 'unix', columns: ['Open'] })
    expect(readingOf(draft)).toEqual({ timeColumn: 'Other' })
    // Not yet looked at: nothing is claimed of it.
    expect(paramsOf(draft, seenOf(text))).not.toHaveProperty('timeFormat')
  })

  test('[K23] the example of a format is a time in it', () => {
    for (const format of FORMATS) expect(isTime(timeExample(format), format), format).toBe(true)
    for (const format of COUNT_FORMATS)
      expect(isTime(timeExample(format).split(',')[0] ?? '', format), format).toBe(true)
    expect(new Set([...FORMATS, ...COUNT_FORMATS].map(timeExample)).size).toBe(FORMATS.length + COUNT_FORMATS.length)
  })
})
