import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layoutOf } from '../../../jobs/csv/params.ts'
import { completed, indexed } from './index-of.ts'
import { isoNanos } from './iso.ts'
import { type OracleParams, oracle } from './oracle.ts'
import { kernel, prepareWith, resultOf } from './run.ts'

// Histories: rows like the one before, as lanes read them, with something odd in some of them.

const NAMES = ['Ask', 'Bid', 'Change', 'AskVolume', 'Note']
const START = Date.UTC(2019, 10, 30, 23, 50)

const TIMES: Readonly<Record<string, (ms: number) => string>> = {
  millis: (ms) => new Date(ms).toISOString().slice(0, 23).replace('T', ' '),
  zone: (ms) => new Date(ms).toISOString(),
  offset: (ms) => `${new Date(ms).toISOString().slice(0, 19)} GMT-0500`,
  seconds: (ms) => new Date(ms).toISOString().slice(0, 19),
  minutes: (ms) => new Date(ms).toISOString().slice(0, 16),
  days: (ms) => new Date(START + (ms - START) * 1000).toISOString().slice(0, 10),
  micros: (ms) => `${new Date(ms).toISOString().slice(0, 23)}${String(ms % 997).padStart(3, '0')}`,
  nanos: (ms) => `${new Date(ms).toISOString().slice(0, 23)}${String(ms % 999_983).padStart(6, '0')}`,
}

/** What may be odd about a row; `at` says where. */
const ODDITIES: readonly ((cells: string[], at: number) => string[] | string)[] = [
  (cells, at) => cells.with(at, ''),
  (cells, at) => cells.with(at, 'n/a'),
  (cells, at) => cells.with(at, `"${cells[at]}"`),
  (cells, at) => cells.with(at, ` ${cells[at]} `),
  (cells, at) => cells.with(at, `${cells[at]}0`),
  (cells, at) => cells.with(at, `-${cells[at]}`),
  (cells, at) => cells.with(at, `+${cells[at]}`),
  (cells, at) => cells.with(at, '-0.00'),
  (cells, at) => cells.with(at, '.'),
  (cells, at) => cells.with(at, '7e2'),
  (cells, at) => cells.with(at, '1234567890.12345'),
  (cells, at) => cells.with(at, '123456789012345678901.5'),
  (cells, at) => cells.with(at, `"${cells[at]}`),
  (cells, at) => cells.with(at, `${cells[at]}"`),
  (cells, at) => cells.with(at, `${cells[at]}\r`),
  (cells, at) => cells.with(at, `${cells[at]}é`),
  (cells) => [...cells, '5'],
  (cells) => cells.slice(0, -1),
  () => [],
  (cells) => cells.with(0, '2019-11-30 20:00:00.000'),
  (cells) => cells.with(0, '2019-11-30 24:10:00.000'),
  (cells) => cells.with(0, '2019-11-30 23:59:60.000'),
  (cells) => cells.with(0, '2019-12-03 10:00'),
  (cells) => [`"${cells[0]}"`, ...cells.slice(1)],
  (cells) => [`"${cells[0]},`, ...cells.slice(1)],
  (cells) => `${cells.join(',')}\r`,
]

const history = fc.record({
  rows: fc.integer({ min: 1, max: 60 }),
  time: fc.constantFrom(...Object.keys(TIMES)),
  columns: fc.array(
    fc.record({
      whole: fc.integer({ min: 0, max: 9 }),
      places: fc.integer({ min: 0, max: 8 }),
      style: fc.constantFrom('plain', 'plain', 'plain', 'negative', 'quoted', 'trimmed'),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  odd: fc.array(fc.tuple(fc.nat(59), fc.nat(ODDITIES.length - 1), fc.nat(5)), { maxLength: 5 }),
  eol: fc.constantFrom('\n', '\n', '\r\n'),
  finalEnd: fc.boolean(),
  quotedTimes: fc.constantFrom(false, false, false, true),
  timed: fc.constantFrom(true, true, true, false),
  asked: fc.option(fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }), { nil: undefined }),
  statistics: fc.constantFrom('extremes' as const, 'extremes' as const, 'all' as const),
  seed: fc.integer(),
})
type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never

function written({ rows, time, columns, odd, eol, finalEnd, quotedTimes, seed }: History): string {
  let state = seed >>> 0
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const lines = [['Time', ...NAMES.slice(0, columns.length)].join(',')]
  for (let row = 0, ms = START; row < rows; row++) {
    ms += Math.floor(random() * 40_000)
    const when = TIMES[time]!(ms)
    const cells = columns.map(({ whole, places, style }) => {
      const text = (random() * 10 ** whole).toFixed(places)
      if (style === 'negative') return random() < 0.5 ? `-${text}` : text
      return style === 'quoted' ? `"${text}"` : style === 'trimmed' ? String(Number(text)) : text
    })
    let line: string[] | string = [quotedTimes ? `"${when}"` : when, ...cells]
    for (const [at, which, cell] of odd)
      if (at === row && Array.isArray(line) && line.length > 1)
        line = ODDITIES[which]!(line, Math.min(cell, line.length - 1))
    lines.push(Array.isArray(line) ? line.join(',') : line)
  }
  return lines.join(eol) + (finalEnd ? eol : '')
}

test('[K30] rows like the one before, and those between them that are not, are read to the same bits as one by one', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (file) => {
      const bytes = Buffer.from(written(file))
      const index = indexed(bytes, { delimiter: ',', header: true })
      const timeColumn = file.timed ? 'Time' : null
      const names = file.asked?.map((at) => index.names[(at % (index.names.length - 1)) + 1]!)
      const asked = { statistics: file.statistics, ...(names && { columns: [...new Set(names)] }) }
      const dialect = { delimiter: ',', header: true, decimal: '.' as const }
      const params = completed({ ...asked, ...dialect, timeColumn, ...(timeColumn && { timeFormat: 'iso' }) }, index)
      const truth = { ...asked, ...dialect, time: timeColumn && { name: timeColumn, parse: isoNanos } } as OracleParams
      const { names: _names, spread, groups: _groups, time, ...expected } = oracle(bytes, truth)
      const result = await resultOf(bytes, params, index)
      expect(result).toMatchObject({ ...expected, ...(time && { time }) })
      if (file.statistics === 'all' && spread) expect(result['spread']).toMatchObject(spread)
      expect(layoutOf(params).numeric.length).toBeGreaterThan(0)
      const slice = bytes.subarray(index.dataStart)
      const [one, other] = [prepareWith(params, true), prepareWith(params, false)]
      expect(kernel.run(one, 0, () => {}, slice)).toEqual(kernel.run(other, 0, () => {}, slice))
    }),
    { numRuns: 500 },
  )
})
