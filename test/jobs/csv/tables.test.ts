import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import type { CsvResult } from '../../../jobs/csv/shapes.ts'
import { completed, indexed } from './index-of.ts'
import { formOf, resultOf } from './run.ts'

const NAMES = ['Ask', 'Bid', '=1+1', '+2', '-3', '@SUM(A1)', 'a "b", c', '10', '9', '＝2', '__proto__']
const quoted = NAMES.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')
const LINES = Array.from({ length: 500 }, (_, row) => {
  const time = new Date(Date.UTC(2020, 0, 1, row)).toISOString()
  const cells = NAMES.map((_, at) => (row % 17 === at ? 'n/a' : row % 13 === at ? '' : (row * (at - 3)) / 8))
  return `${time},${cells.join(',')}`
})
const bytes = Buffer.from(`Time,${quoted}\n${LINES.join('\n')}\n`)
const index = indexed(bytes, { header: true })

/** A table as objects by its first line, every row as long as it. */
async function table(form: 'csv' | 'groups', request: Record<string, unknown>) {
  const params = completed({ header: true, ...request }, index)
  const [head = [], ...rows] = parse(await formOf(form, bytes, params, index), { bom: false }) as string[][]
  const result = (await resultOf(bytes, params, index)) as unknown as CsvResult
  return { head, rows: rows.map((row) => new Map(row.map((cell, at) => [head[at] ?? '', cell]))), result }
}

const number = (text: string | undefined) => (text === '' ? null : Number(text))

test('[K26] the table of columns holds every figure of the result, a row per column', async () => {
  for (const statistics of ['all', 'extremes'] as const) {
    const { rows, result } = await table('csv', { statistics })
    expect(rows).toHaveLength(NAMES.length + (statistics === 'all' ? 1 : 0))
    for (const [at, name] of NAMES.entries()) {
      const row = rows[at]!
      const { first, last, quantiles, invalidPlaces, histogram, ...plain } = result.columns[name]!
      expect(histogram).toBeUndefined()
      expect(invalidPlaces.length).toBeGreaterThan(0)
      for (const [field, value] of Object.entries(plain))
        expect(typeof value === 'string' ? row.get(field) : number(row.get(field)), field).toEqual(value)
      expect(
        first && { value: number(row.get('first')), row: number(row.get('firstRow')), time: row.get('firstTime') },
      ).toEqual(first)
      expect(
        last && { value: number(row.get('last')), row: number(row.get('lastRow')), time: row.get('lastTime') },
      ).toEqual(last)
      for (const [share, value] of Object.entries(quantiles ?? {}))
        expect(number(row.get(`quantile ${share}`))).toBe(value)
    }
    if (result.spread) expect(number(rows.at(-1)?.get('mean'))).toBe(result.spread.mean)
  }
})

test('[K26] the table of groups holds every candle', async () => {
  const { rows, result } = await table('groups', { groupBy: 'day' })
  const items = result.groups!.items
  expect(rows.map((row) => row.get('from'))).toEqual(items.map(({ from }) => from))
  for (const [at, { columns }] of items.entries())
    for (const name of ['Ask', 'Bid', 'a "b", c', '9'])
      for (const [field, value] of Object.entries(columns[name]!))
        expect(number(rows[at]!.get(`${name} ${field}`))).toBe(value)
})

test('[K26] what a spreadsheet would take for a formula stays a text', async () => {
  for (const form of ['csv', 'groups'] as const) {
    const { head, rows } = await table(form, { groupBy: 'day' })
    const cells = [head, ...rows.map((row) => [...row.values()])].flat()
    expect(cells.filter((cell) => /^[=+\-@＝\t\r]/.test(cell) && Number.isNaN(Number(cell)))).toEqual([])
  }
  const { rows } = await table('csv', {})
  expect(rows.map((row) => row.get('column')?.replace(/^'/, ''))).toEqual([...NAMES, 'Ask - Bid'])
  expect(rows.filter((row) => row.get('column')?.startsWith("'"))).toHaveLength(5)
})
