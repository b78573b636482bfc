import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FORMATS } from '../../../jobs/csv/detect.ts'
import { HEAD_BYTES } from '../../../jobs/csv/file-index.ts'
import { type CsvParams, schema } from '../../../jobs/csv/params.ts'
import { type CsvPreview, preview } from '../../../jobs/csv/preview.ts'
import { isTime } from '../../../jobs/csv/verdict.ts'
import { completed, indexed } from './index-of.ts'
import { type Result, resultOf } from './run.ts'

// Looking before computing: what a preview says must be what a job does.

const bytes = (text: string) => Buffer.from(text)

function look(text: string | Uint8Array, request: Partial<CsvParams> = {}, whole = true): CsvPreview {
  const file = typeof text === 'string' ? bytes(text) : text
  const params = schema.parse({ file: 'f', ...request })
  return preview(params, file.subarray(0, HEAD_BYTES), indexed(file, params), whole)
}

const NUMBERS = fc.oneof(
  fc.double({ noNaN: true }).map(String),
  fc.integer({ min: -50, max: 50 }).map((n) => String(n / 8)),
  fc.stringMatching(/^[+-]?[0-9]{0,3}[.,]?[0-9]{0,3}([eE][+-]?[0-9]{0,3})?$/),
  fc.constantFrom(
    '',
    ' ',
    'abc',
    '-0',
    '-1e-400',
    '1e400',
    '1e401',
    '0e401',
    '1e308',
    '1.8e308',
    'é',
    ' 7\t',
    '-',
    '1e5.5',
  ),
)
const DIGITS = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'))
const PARTS = fc.record({
  y: fc.constantFrom('1677', '1678', '1900', '2000', '2019', '2261', '2262'),
  M: DIGITS,
  D: DIGITS,
})
const CLOCKS = fc
  .tuple(DIGITS, DIGITS, DIGITS, fc.constantFrom('', '.', '.5', '.123456789', '.1234567890'))
  .map(([h, m, s, fraction]) => `${h}:${m}:${s}${fraction}`)
const ZONES = fc.constantFrom('', 'Z', ' GMT', '+01:00', ' GMT+2359', '-2400', '+1', '+01:60', 'UTC-05', 'x')
const PATTERNS = [...FORMATS, 'unix', 'unix-ms', 'unix-us', 'unix-ns', 'HH:mm:ss D-M-YYYY']
/** Times in all of these formats and near them. */
const TIMES = fc.oneof(
  fc
    .tuple(PARTS, fc.constantFrom('-', '.', '/', ''), fc.constantFrom(' ', 'T', ''), CLOCKS, ZONES)
    .chain(([{ y, M, D }, sign, between, clock, zone]) =>
      fc.constantFrom(
        `${y}${sign}${M}${sign}${D}${between}${clock}${zone}`,
        `${D}${sign}${M}${sign}${y}${between}${clock}${zone}`,
        `${y}${sign}${M}${sign}${D}`,
        `${Number(M)}${sign}${Number(D)}${sign}${y} ${Number(clock.slice(0, 2))}:00`,
        `${clock} ${Number(D)}-${Number(M)}-${y}`,
      ),
    ),
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
  fc
    .tuple(fc.integer({ min: 0, max: 9_999_999 }), fc.constantFrom('.0', '.5', '.', '.x', ''))
    .map(([n, f]) => `${n}${f}`),
  fc.constantFrom('9214646400.0', '9214646400.0000000001', '9214646401', '9214646400000000000.00', '', 'never'),
)

/** Invalid cells of a result within the first rows, as a preview writes them. */
function invalidIn(result: Result, seen: CsvPreview): string[] {
  const told = (name: string, places: readonly { row: number; reason: string }[]) =>
    places.map(({ row, reason }) => `${row} ${name} ${reason}`)
  return [
    ...Object.entries(result['columns'] as Result).flatMap(([name, { invalidPlaces }]) => told(name, invalidPlaces)),
    ...(result['time'] ? told(result['time'].column, result['time'].invalidPlaces) : []),
  ]
    .filter((line) => Number(line.split(' ')[0]) < seen.first.length)
    .toSorted()
}

describe('a CSV file before it is computed', () => {
  test('[K20] the preview marks exactly the cells that the job calls invalid, for the same reasons', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(TIMES, NUMBERS, NUMBERS, NUMBERS), { minLength: 1, maxLength: 25 }),
        fc.constantFrom(...PATTERNS),
        fc.constantFrom('.', ','),
        fc.constantFrom(undefined, { min: 0 }, { max: 5 }, { min: -2, max: 2 }),
        async (rows, timeFormat, decimal, price) => {
          const file = bytes(`t;Ask;AskVolume;other\n${rows.map((row) => row.join(';')).join('\n')}\n`)
          const request = {
            ...{ delimiter: ';', header: true, decimal, timeColumn: 't', timeFormat },
            ...(price && { price }),
          } as const
          const index = indexed(file, request)
          const seen = look(file, request)
          const marked = seen.wrong.map(([row, column, why]) => `${row} ${seen.columns[column]?.name} ${why}`)
          const result = await resultOf(file, completed(request, index), index)
          expect(marked.toSorted()).toEqual(invalidIn(result, seen))
        },
      ),
      { numRuns: 100 },
    )
    for (const format of PATTERNS) expect(isTime('2019-02-29', format), format).toBe(false)
  })

  test('[K20] rows are numbered as the job numbers them: blank lines, overlong records, extra and missing cells', async () => {
    for (const [text, request] of [
      ['x\n1\n\nz\n\n', {}],
      ['a,b\n\n1,x\n2\n3,4,5\n', {}],
      [`a,b\n"${'9'.repeat((1 << 20) + 5)}",1\r\ny,2`, { delimiter: ',' }],
      [`a,b\n${'9'.repeat(1 << 20)}\r\ny,2`, { delimiter: ',' }],
    ] as const) {
      const file = bytes(text)
      const index = indexed(file, request)
      const seen = look(file, request)
      const result = await resultOf(file, completed(request, index), index)
      expect(seen.rows).toBe(result['rows'])
      // Where a record is longer than what is looked at, what follows it is not shown.
      expect(seen.first.length).toBeLessThanOrEqual(result['rows'])
      const marked = seen.wrong.map(([row, column, why]) => `${row} ${seen.columns[column]?.name} ${why}`)
      expect(marked.toSorted()).toEqual(invalidIn(result, seen))
    }
    expect(look('x\n1\n\nz\n').first).toEqual([['1'], [''], ['z']])
    expect(look('a,b\n\n1,x\n2\n3,4,5\n').first).toEqual([['1', 'x'], ['2'], ['3', '4', '5']])
  })

  test('[K21] each guess stays what it was while others are changed, and what is seen follows the change', () => {
    const text =
      'Gmt time;When;Open\r\n01.11.2019 00:00:00.000;1572566400;1,5\r\n02.11.2019 00:00:00.000;1572566401;1,25\r\n'
    const guessed = {
      ...{ delimiter: ';', header: true, decimal: ',', timeColumn: 'Gmt time' },
      timeFormat: 'DD.MM.YYYY[THH:mm[:ss[.SSS]][Z]]',
    }
    const types = ({ columns }: CsvPreview) => columns.map(({ type }) => type).join(' ')
    const untouched = look(text)
    expect(untouched).toMatchObject({
      ...guessed,
      guessed,
      lineEnds: ['CRLF'],
      quotes: false,
      rows: 2,
      wrong: [],
    })
    expect(types(untouched)).toBe('time number number')
    const pointed = look(text, { decimal: '.' })
    expect(pointed).toMatchObject({ decimal: '.', guessed })
    expect(types(pointed)).toBe('time number text')
    expect(pointed.wrong).toEqual([
      [0, 2, 'not a number'],
      [1, 2, 'not a number'],
    ])
    const timed = look(text, { timeColumn: 'When' })
    expect(timed).toMatchObject({ timeColumn: 'When', timeFormat: 'unix', guessed: { ...guessed, timeFormat: 'unix' } })
    expect(types(timed)).toBe('text time number')
    expect(look(text, { timeColumn: 'Open' })).toMatchObject({ timeFormat: null, guessed: { timeFormat: null } })
    expect(look(text, { timeColumn: null })).toMatchObject({
      timeColumn: null,
      timeFormat: null,
      guessed: { timeColumn: 'Gmt time' },
    })
    expect(look(text, { delimiter: ',' })).toMatchObject({ delimiter: ',', guessed: { delimiter: ';' } })
    expect(look(text, { header: false })).toMatchObject({ header: false, rows: 3, guessed: { header: true } })
    expect(look('"a,b"|c\n1|2\n3|4\r\n')).toMatchObject({ lineEnds: ['LF', 'CRLF'], quotes: true })
    expect(look('a,b\r1,2\r')).toMatchObject({ lineEnds: ['CR'], rows: 1 })
    expect(look('a,b\n1,2\n', {}, false).rows).toBeNull()
  })

  test('[K21] odd files are shown within bounds: no rows, nothing, ten thousand columns, long cells, any script', () => {
    expect(look('a,b')).toMatchObject({ rows: 0, first: [], columns: [{ name: 'a' }, { name: 'b' }] })
    expect(look('')).toMatchObject({ rows: 0, first: [], columns: [], moreColumns: 0 })
    const wide = look(`${Array.from({ length: 12_000 }, (_, i) => `c${i}`).join(',')}\n${'1,'.repeat(12_000)}\n`)
    expect([wide.columns.length, wide.moreColumns, wide.first[0]?.length]).toEqual([10_000, 2_000, 300])
    const long = look(`a,b\n${'x'.repeat(5000)},${'🦆'.repeat(5000)}\nשלום,👩‍👩‍👧\n`)
    expect(long.first[0]).toEqual([`${'x'.repeat(99)}…`, `${'🦆'.repeat(99)}…`])
    expect(long.first[1]).toEqual(['שלום', '👩‍👩‍👧'])
  })
})
