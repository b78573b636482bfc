import { describe, expect, test } from 'vitest'
import { detect, FORMATS } from '../../../jobs/csv/detect.ts'
import { csv } from '../../../jobs/csv/index.ts'
import { compilePattern, isoTime } from '../../../jobs/csv/time-pattern.ts'
import { completed, indexed } from './index-of.ts'
import { resultOf } from './run.ts'

const bytes = (text: string) => Buffer.from(text)

/** Every complaint about params, by its path. */
function complaints(params: unknown): Record<string, string> {
  const answer = csv.schema.safeParse(params)
  return Object.fromEntries((answer.error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]))
}

function refused(text: string, request: Record<string, unknown> = {}): Record<string, string> {
  const params = csv.schema.parse({ file: 'f', ...request })
  const answer = csv.input!.complete!(params, indexed(bytes(text), params))
  return answer.type === 'refused' ? Object.fromEntries(answer.issues.map(({ path, message }) => [path, message])) : {}
}

describe('csv params and files', () => {
  test('[K11] every wrong field is named with a sentence', () => {
    expect(complaints({ file: 'f' })).toEqual({})
    const wrong: [Record<string, unknown>, string][] = [
      [{ file: 7 }, 'file'],
      [{ columns: [] }, 'columns'],
      [{ columns: ['a', 'a'] }, 'columns'],
      [{ columns: ['a', 7] }, 'columns.1'],
      [{ statistics: 'some' }, 'statistics'],
      [{ delimiter: ',,' }, 'delimiter'],
      [{ delimiter: '"' }, 'delimiter'],
      [{ delimiter: '5' }, 'delimiter'],
      [{ decimal: ';' }, 'decimal'],
      [{ delimiter: ',', decimal: ',' }, 'decimal'],
      [{ header: 'yes' }, 'header'],
      [{ timeFormat: 'now and then' }, 'timeFormat'],
      [{ price: { min: 'a' } }, 'price.min'],
      [{ price: { min: 2, max: 1 } }, 'price.max'],
      [{ price: { low: 1 } }, 'price.low'],
      [{ histogram: { bins: 0 } }, 'histogram.bins'],
      [{ histogram: { bins: 5, min: 1, max: 1 } }, 'histogram.max'],
      [{ groupBy: 'week' }, 'groupBy'],
      [{ groupBy: 'day', statistics: 'extremes' }, 'groupBy'],
      [{ histogram: { bins: 5 }, statistics: 'extremes' }, 'histogram'],
      [{ columns: Array.from({ length: 33 }, (_, i) => String(i)) }, 'columns'],
      [{ colums: ['a'] }, 'colums'],
    ]
    for (const [params, path] of wrong) {
      const found = complaints({ file: 'f', ...params })
      expect(Object.keys(found), JSON.stringify(params)).toEqual([path])
      expect(found[path]).toMatch(/^[A-Z].*\.$/)
    }
  })

  test('[K12] what a file cannot answer is said at the field that asks for it', () => {
    expect(refused('')).toEqual({ file: 'The file is empty: there is nothing to compute.' })
    expect(refused('\n\n\r\n')['file']).toMatch(/^No columns/)
    expect(refused(`${'x'.repeat(3 << 20)}`)['file']).toMatch(/longer than 1 MiB/)
    expect(refused('a,b\n1,2\n', { columns: ['a', 'c'] })['columns.1']).toBe(
      'The file has no column "c". It has "a", "b".',
    )
    expect(refused('a,b\n1,2\n', { timeColumn: 'c' })['timeColumn']).toMatch(/no column "c"/)
    expect(refused('a,b\n1,2\n', { timeColumn: 'a' })['timeFormat']).toMatch(/how the times/)
    expect(refused('a,b\n1,2\n', { groupBy: 'day' })['groupBy']).toMatch(/time column/)
    expect(refused('a,b\n1,2\n', { decimal: ',' })['decimal']).toMatch(/comma/)
    const wide = Array.from({ length: 10_000 }, (_, i) => `c${i}`)
    expect(refused(`${wide.join(',')}\n`)['columns']).toBe(
      'The file has 10000 columns. Choose at most 32 columns for statistics "all".',
    )
  })

  test('[K13] ten thousand columns, one line, only a header, no newline at the end: each has its answer', async () => {
    const run = async (text: string, request = {}) => {
      const index = indexed(bytes(text), request)
      return resultOf(bytes(text), completed(request, index), index)
    }
    const wide = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(',')
    const numbers = Array.from({ length: 10_000 }, (_, i) => i).join(',')
    expect(await run(`${wide}\n${numbers}`, { columns: ['c9999', 'c0'] })).toMatchObject({
      rows: 1,
      columns: { c9999: { max: 9999 }, c0: { max: 0 } },
    })
    const header = await run('a,b')
    expect(header).toMatchObject({ rows: 0, columns: { a: { count: 0, min: null, sum: null, quantiles: null } } })
    expect(header['notes']).toEqual(['The file has no rows below its first line.'])
    expect(await run('5,6')).toMatchObject({ rows: 1, columns: { '1': { min: 5 }, '2': { sum: 6 } } })
    expect(await run('a,a,,a#2,a\n1,2,3,4,5')).toMatchObject({
      columns: { a: { min: 1 }, 'a#2': { min: 2 }, '3': { min: 3 }, 'a#2#2': { min: 4 }, 'a#3': { min: 5 } },
    })
    expect(await run('__proto__,x\n1,2\n')).toMatchObject({ rows: 1, columns: { x: { sum: 2 } } })
  })

  test('[K32] a line of any length has its answer: what is wrong with the file, or one row that is invalid', async () => {
    const long = '12.5,7,abc,'.repeat(300_000)
    const refused = (text: string) => csv.input!.complete!(csv.schema.parse({ file: 'f' }), indexed(bytes(text)))
    const says = (sentence: string) => ({ issues: [{ path: 'file', message: expect.stringContaining(sentence) }] })
    expect(refused(long)).toMatchObject(says('first line is longer than 1 MiB'))
    expect(refused(`${long}\n1,2,3\n`)).toMatchObject(says('first line is longer than 1 MiB'))
    expect(refused('\n\n\r\n')).toMatchObject(says('only blank lines'))
    expect(refused(`${'\r\n'.repeat(600_000)}a,b\n1,2\n`)).toMatchObject(says('1 MiB of blank lines'))
    for (const [text, notes] of [
      [`a,b\n1,2\n${long}`, 1],
      [`a,b\n1,2\n3,"${long}`, 1],
    ] as const) {
      const index = indexed(bytes(text))
      const result = await resultOf(bytes(text), completed({}, index), index)
      expect(result).toMatchObject({ rows: 2, overlong: 1, columns: { a: { count: 1, invalid: 1, max: 1 } } })
      expect(result['notes']).toHaveLength(notes)
    }
  })

  test('[K14] files are understood as people would read them', () => {
    const seen = (text: string) => {
      const { rows: _rows, ...found } = detect(bytes(text), true)
      return found
    }
    expect(seen('Gmt time;Open;Volume\r\n01.11.2019 00:00:00.000;1,5;3\r\n02.11.2019 00:00:00.000;1,25;4\r\n')).toEqual(
      {
        delimiter: ';',
        header: true,
        lineEnd: 'lf',
        decimal: ',',
        names: ['Gmt time', 'Open', 'Volume'],
        types: ['time', 'number', 'number'],
        timeColumn: 'Gmt time',
        timeFormat: 'DD.MM.YYYY[THH:mm[:ss[.SSS]][Z]]',
      },
    )
    expect(seen('1.5\t2\n2.5\t3\n')).toMatchObject({
      delimiter: '\t',
      header: false,
      names: ['1', '2'],
      timeColumn: null,
    })
    expect(seen('timestamp,price\n1572566400,9111.76\n')).toMatchObject({
      timeFormat: 'unix',
      types: ['time', 'number'],
    })
    expect(seen('ts,p\n1572566400123,9\n')).toMatchObject({ timeFormat: 'unix-ms' })
    expect(seen('when,p\n2019-11-01T00:00:00Z,9\n')).toMatchObject({ timeColumn: 'when', timeFormat: 'iso' })
    expect(seen('Local time,Ask\n01.01.2019 22:02:37.254 GMT-0500,1.1\n')).toMatchObject({ timeColumn: 'Local time' })
    expect(seen('Date,Close\n11/25/2019,1\n')).toMatchObject({ timeFormat: 'M/D/YYYY[TH:mm[:ss[.SSS]][Z]]' })
    expect(seen('Date,Close\n25/11/2019,1\n')).toMatchObject({ timeFormat: 'D/M/YYYY[TH:mm[:ss[.SSS]][Z]]' })
    expect(seen('"a,b"|c\n1|2\n')).toMatchObject({ delimiter: '|', names: ['a,b', 'c'] })
    expect(seen('name,city\nAda,London\n')).toMatchObject({ header: true, types: ['text', 'text'] })
    expect(seen('a,b\r1,2\r')).toMatchObject({ lineEnd: 'cr', names: ['a', 'b'] })
  })

  test('[K15] patterns of times mean the same to the detector and the kernel', async () => {
    const moment = Date.UTC(2019, 10, 5, 7, 8, 9)
    const written: [string, string][] = [
      ...FORMATS.map((format): [string, string] => [format, '']),
      ['YYYY-MM-DD HH:mm:ss', '2019-11-05 07:08:09'],
      ['HH:mm:ss YYYY-MM-DD', '07:08:09 2019-11-05'],
      ['D.M.YYYY H:mm:ss', '5.11.2019 7:08:09'],
      ['[H:mm:ss - M/D/YYYY]', ''],
      ['unix', '1572937689'],
      ['unix-ms', '1572937689000'],
      ['unix-us', '1572937689000000'],
      ['unix-ns', '1572937689000000000'],
    ]
    for (const [format, text] of written) {
      if (format.startsWith('[')) {
        expect(compilePattern(format).type).toBe('wrong')
        continue
      }
      const pattern = compilePattern(format)
      expect(pattern.type, format).toBe('pattern')
      if (text === '' || pattern.type !== 'pattern') continue
      expect(pattern.regex.test(text), format).toBe(true)
      const file = bytes(`t;x\n${text};1\n${text};2\n`)
      const index = indexed(file, { header: true })
      const result = await resultOf(
        file,
        completed({ timeColumn: 't', timeFormat: format, header: true }, index),
        index,
      )
      expect(result['time'], format).toMatchObject({ count: 2, first: new Date(moment).toISOString(), duplicates: 1 })
    }
    for (const format of [
      '',
      'YYYY',
      'DD.MM.YY',
      'YYYY-MM-DD]',
      'YYYY-MM-DD[',
      'YYYY-MM-DD"',
      'DMYYYY',
      'YYYY-MM-DD YYYY',
    ])
      expect(compilePattern(format).type, format).toBe('wrong')
    expect(isoTime(-1n)).toBe('1969-12-31T23:59:59.999999999Z')
    expect(isoTime(1_572_937_689_000_001_000n)).toBe('2019-11-05T07:08:09.000001Z')
  })
})
