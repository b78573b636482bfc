import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Slice } from '../../../jobs/csv/file-index.ts'
import { completed, indexed } from './index-of.ts'
import { isoNanos } from './iso.ts'
import { type OracleParams, oracle } from './oracle.ts'
import { resultOf } from './run.ts'

// Random files against the oracle, cut at random record starts, in random dialects.

const NUMBERS = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.integer({ min: -999999, max: 9999999 }), fc.integer({ min: 0, max: 6 }))
      .map(([n, places]) => (n / 10 ** places).toFixed(places)),
  },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: -420, max: 420 }))
      .map(([m, e]) => `${m}e${e}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '0',
      '-0',
      '+1',
      '.5',
      '5.',
      '1e400',
      '1e401',
      '-1e-400',
      '4.9e-324',
      '2.4703282292062327e-324',
      '2.47032822920623272e-324',
      '9007199254740993',
      '1e308',
      '1.8e308',
      '0.000000000000000000000000000001',
      '1e+05',
      '00012.50',
      '9007199254740993.0000000000000000000000001',
    ),
  },
)
const ODD = fc.constantFrom(
  '',
  ' ',
  'abc',
  '-',
  '+',
  '.',
  '1e',
  '1.2.3',
  '0x10',
  'NaN',
  'Infinity',
  '1 2',
  'é',
  '1,5',
  '--1',
  '1e5.5',
  'e5',
)
const TIMES = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .integer({ min: 0, max: 400_000 })
      .map((s) => new Date(Date.UTC(2019, 10, 1) + s * 1000).toISOString()),
  },
  {
    weight: 1,
    arbitrary: fc.date({ min: new Date(-9e12), max: new Date(9e12), noInvalidDate: true }).map((d) => d.toISOString()),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'x',
      '2019-02-30',
      '2019-11-01',
      '2019-11-01 10:00',
      '2019-11-01T10:00:00+01:30',
      '2019-11-01 10:00:00 GMT-0500',
      '2019-11-01 10:00Z',
      '2019-11-01T10:00:00.123456789Z',
      '2019-11-01T24:00',
      '1500-01-01',
      '2020-02-29T23:59:59Z',
      '2019-11-01T10:00:00.1234567890Z',
    ),
  },
)

/** How a cell may be written without changing what it says, or with quotes gone wrong. */
const quoting = (delimiter: string) =>
  fc.constantFrom<(cell: string) => string>(
    ...Array.from({ length: 8 }, () => (cell: string) => cell),
    (cell) => `"${cell}"`,
    (cell) => `" ${cell}\t"`,
    (cell) => (delimiter === '\t' ? cell : ` ${cell}\t`),
    (cell) => `"${cell.slice(0, 1)}"${cell.slice(1)}`,
    (cell) => `${cell}"`,
    (cell) => `"${cell}""x"`,
    (cell) => `"${cell}${delimiter}\n${cell}"`,
    (cell) => `"${cell}" "`,
  )

interface File {
  /** Number of the column that holds the times. */
  timeAt: number
  bytes: Uint8Array
  delimiter: string
  header: boolean
  decimal: '.' | ','
}

const structured: fc.Arbitrary<File> = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    ends: fc.constantFrom(['\n'], ['\r\n'], ['\r'], ['\n', '\r\n', '\n\n']),
    header: fc.boolean(),
    comma: fc.boolean(),
    finalEnd: fc.boolean(),
    width: fc.constantFrom(1, 2, 5, 5, 5),
    late: fc.constantFrom(0, 0, 1, 4),
  })
  .chain(({ delimiter, ends, header, comma, finalEnd, width, late }) => {
    const timeAt = Math.min(late, width - 1)
    const decimal = comma && delimiter !== ',' ? ',' : '.'
    const number = NUMBERS.map((text) => (decimal === ',' ? text.replace('.', ',') : text))
    const cell = (value: fc.Arbitrary<string>) =>
      fc
        .tuple(fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: ODD }), quoting(delimiter))
        .map(([text, write]) => write(text))
    const row = fc
      .tuple(
        cell(TIMES),
        fc.array(cell(number), { minLength: width - 1, maxLength: width - 1 }),
        fc.constantFrom(0, 0, 0, 0, 0, 0, -1, 1),
      )
      .map(([time, numbers, uneven]) => {
        const cells = numbers.toSpliced(timeAt, 0, time)
        return (uneven < 0 ? cells.slice(0, -1) : uneven > 0 ? [...cells, '7'] : cells).join(delimiter)
      })
    return fc
      .tuple(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.array(fc.constantFrom(...ends), { minLength: 32, maxLength: 32 }),
      )
      .map(([rows, eols]) => {
        const names = ['Ask', 'Bid', 'AskVolume', 'BidVolume'].slice(0, width - 1).toSpliced(timeAt, 0, 'Time')
        const lines = header ? [names.join(delimiter), ...rows] : rows
        const text = lines.map((line, i) => line + (i < lines.length - 1 || finalEnd ? eols[i] : '')).join('')
        return { bytes: Buffer.from(text), delimiter, header, decimal, timeAt }
      })
  })

const chaos: fc.Arbitrary<File> = fc
  .record({
    text: fc.array(
      fc.constantFrom('"', '"', ',', ',', '\n', '\r\n', '\r', '1', '2.5', '-', 'e3', ' ', '\t', 'a', '""', '\n'),
      { minLength: 1, maxLength: 80 },
    ),
    header: fc.boolean(),
    noLf: fc.boolean(),
  })
  .map(({ text, header, noLf }) => ({
    bytes: Buffer.from(noLf ? text.filter((part) => !part.includes('\n')).join('') : text.join('')),
    delimiter: ',',
    header,
    decimal: '.' as const,
    timeAt: 0,
  }))

const wishes = fc.record({
  statistics: fc.constantFrom('extremes' as const, 'all' as const, 'all' as const),
  timed: fc.boolean(),
  price: fc.constantFrom(undefined, { min: 0 }, { min: -5, max: 1000.5 }),
  histogram: fc.constantFrom(undefined, { bins: 7, min: -10, max: 90 }),
  groupBy: fc.constantFrom(undefined, 'hour' as const, 'day' as const, 'month' as const),
  chunk: fc.constantFrom(1, 3, 17, 65_536),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
})

async function agrees(file: File, wish: typeof wishes extends fc.Arbitrary<infer Wish> ? Wish : never): Promise<void> {
  const { bytes, delimiter, header, decimal } = file
  const index = indexed(bytes, { delimiter, header }, wish.chunk)
  if (index.names.length === 0 || index.names.length > 32) return
  const all = wish.statistics === 'all'
  const timeColumn = wish.timed ? index.names[Math.min(file.timeAt, index.names.length - 1)]! : null
  const asked = {
    statistics: wish.statistics,
    ...(wish.price && { price: wish.price }),
    ...(all && wish.histogram && { histogram: wish.histogram }),
    ...(all && timeColumn !== null && wish.groupBy && { groupBy: wish.groupBy }),
  }
  const params = completed(
    { ...asked, delimiter, header, decimal, timeColumn, ...(timeColumn !== null && { timeFormat: 'iso' }) },
    index,
  )
  const expected = oracle(bytes, {
    ...asked,
    delimiter,
    header,
    decimal,
    time: timeColumn === null ? null : { name: timeColumn, parse: isoNanos },
  } as OracleParams)
  expect(index.names).toEqual(expected.names)
  expect(index.rows).toBe(expected.rows)
  const slices = randomSlices(bytes, index, wish.cuts)
  const result = await resultOf(bytes, params, index, slices)
  const { names: _names, groups, spread, time, ...rest } = expected
  expect(result).toMatchObject({ ...rest, ...(time && { time }) })
  if (!all) return
  if (spread === null) expect(result['spread']).toBeNull()
  else expect(result['spread']).toMatchObject(spread!)
  if (groups)
    expect(result['groups'].items).toEqual(groups.map((group) => ({ ...group, columns: { ...group.columns } })))
}

/** Record starts are found by indexing every prefix anew: the scanner's own word on cuts is not taken. */
function randomSlices(bytes: Uint8Array, index: ReturnType<typeof indexed>, cuts: number[]): Slice[] {
  const places = [
    ...new Set(cuts.map((share) => index.dataStart + Math.floor(share * (index.bytes - index.dataStart)))),
  ].sort((a, b) => a - b)
  const slices: Slice[] = []
  let start = index.dataStart
  let row = 0
  for (const place of places) {
    const before = recordsBefore(bytes, index, place)
    if (!before || before.start <= start) continue
    slices.push({ start, end: before.start, row, rows: before.rows - row })
    start = before.start
    row = before.rows
  }
  slices.push({ start, end: index.bytes, row, rows: index.rows - row })
  return slices
}

function recordsBefore(bytes: Uint8Array, index: ReturnType<typeof indexed>, place: number) {
  const { delimiter, lineEnd } = index
  let at = index.dataStart
  let rows = 0
  while (at < place) {
    let inside = bytes[at] === 34
    let end = at + (inside ? 1 : 0)
    for (; end < bytes.length; end++) {
      if (inside) {
        if (bytes[end] !== 34) continue
        if (bytes[end + 1] === 34) end++
        else inside = false
      } else if (bytes[end] === delimiter.charCodeAt(0) && bytes[end + 1] === 34) {
        inside = true
        end++
      } else if (bytes[end] === (lineEnd === 'lf' ? 10 : 13)) break
    }
    const blank = end === at || (lineEnd === 'lf' && end === at + 1 && bytes[at] === 13 && end < bytes.length)
    if (!blank || index.names.length === 1) rows++
    at = end + 1
  }
  return at < bytes.length ? { start: at, rows } : null
}

describe('csv against the oracle', () => {
  test('[K1] every figure equals a straight reading of the whole file, however it is cut', async () => {
    await fc.assert(fc.asyncProperty(structured, wishes, agrees), { numRuns: 600 })
  })
  test('[K2] quotes, line ends and blank lines in any disorder are read by the same rules', async () => {
    await fc.assert(fc.asyncProperty(chaos, wishes, agrees), { numRuns: 1500 })
  })
})
