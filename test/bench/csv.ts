import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FileView } from '../../protocol/api.ts'
import { openDuckDb } from './duckdb.ts'
import { type BenchLine, median } from './line.ts'
import { HEADER, PRICE_COLUMNS, writePrices } from './prices.ts'
import { openRoom, type Room } from './room.ts'

// Half a gigabyte of prices, lowest and highest of every column with their rows and the first and last by time: the pool
// with two one-thread agents, submit to result, beside what else two threads can do.

const BYTES = 500_000_000
const PAIRS = 5

export async function csvBench(): Promise<BenchLine[]> {
  const duckDb = await openDuckDb(2)
  const room = await openRoom({ agents: 2 })
  const loop = openLoop()
  try {
    const path = join(room.pool.dataDir, 'prices.csv')
    await writePrices(path, BYTES)
    const file = await put(room, path)
    const ways = {
      pool: () => poolAnswer(room, file),
      same: async () => duckAnswer(await duckDb.ask(sameQuestions(path))),
      least: async () => void (await duckDb.ask(leastQuestions(path))),
      loop: () => loop.run(path),
    }
    const seconds = { pool: [], same: [], least: [], loop: [] } as Record<keyof typeof ways, number[]>
    // In turns, so that whatever else the machine does falls on all. The first turn warms up and is compared.
    for (let turn = 0; turn <= PAIRS; turn++) {
      const answers: unknown[] = []
      for (const way of Object.keys(ways) as (keyof typeof ways)[]) {
        const startedAt = performance.now()
        const answer = await ways[way]()
        const took = (performance.now() - startedAt) / 1000
        if (turn > 0) seconds[way].push(took)
        else if (answer) answers.push(answer)
      }
      for (const answer of answers) agree(answers[0], answer)
    }
    const value = median(seconds.pool)
    const against = (way: keyof typeof ways, reference: string): BenchLine => ({
      ...{ bench: 'csv: 500 MB, extremes of four columns', value, unit: 's', reference, runs: PAIRS, trust: 'fast' },
      ratio: median(seconds[way].map((other, i) => other / seconds.pool[i]!)),
    })
    return [
      against('same', 'DuckDB, two threads, asked the same'),
      against('least', 'DuckDB, two threads, asked for minima and maxima alone'),
      against('loop', 'a plain JS loop in two threads'),
    ]
  } finally {
    await loop.close()
    await room.close()
    duckDb.close()
  }
}

async function put({ pool }: Room, path: string): Promise<string> {
  const response = await fetch(`${pool.url}/api/v1/files?name=prices.csv`, {
    ...{ method: 'PUT', headers: { authorization: `Bearer ${pool.adminKey}` } },
    ...{ body: createReadStream(path) as unknown as NonNullable<RequestInit['body']>, duplex: 'half' },
  })
  if (!response.ok) throw new Error(`The file was refused: ${await response.text()}`)
  return ((await response.json()) as FileView).id
}

/** What every way must answer alike: rows, and per column the value and row of both extremes, the first and the last. */
interface Answer {
  readonly rows: number
  readonly columns: readonly (readonly number[])[]
}

function agree(one: unknown, other: unknown): void {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)]
  if (a !== b) throw new Error(`The answers differ:\n${a}\n${b}`)
}

async function poolAnswer(room: Room, file: string): Promise<Answer> {
  const id = await room.submit({ kind: 'csv', params: { file, statistics: 'extremes' }, trust: 'fast' })
  await room.done(id)
  const { rows, columns } = await (await room.pool.call('GET', `/jobs/${id}/result`)).json()
  await room.pool.call('DELETE', `/jobs/${id}`)
  const of = (name: string) => {
    const { count, empty, invalid, min, minRow, max, maxRow, first, last } = columns[name]
    return [count, empty, invalid, min, minRow, max, maxRow, first.value, last.value]
  }
  return { rows, columns: PRICE_COLUMNS.map(of) }
}

/** Its types are told, and it may stop at a cell that is none: both make it faster. */
function table(path: string): string {
  const columns = ["'Time': 'TIMESTAMP'", ...PRICE_COLUMNS.map((name) => `'${name}': 'DOUBLE'`)].join(', ')
  return `read_csv('${path}', header = true, auto_detect = false, columns = {${columns}})`
}

function sameQuestions(path: string): string {
  const figures = PRICE_COLUMNS.map((name, i) =>
    [
      ...[`count("${name}") AS count${i}`, `min("${name}") AS min${i}`, `arg_min(row, "${name}") AS "minRow${i}"`],
      ...[`max("${name}") AS max${i}`, `arg_max(row, "${name}") AS "maxRow${i}"`],
      ...[`arg_min("${name}", "Time") AS first${i}`, `arg_max("${name}", "Time") AS last${i}`],
    ].join(', '),
  )
  return `WITH numbered AS (SELECT *, row_number() OVER () - 1 AS row FROM ${table(path)})
    SELECT count(*) AS rows, ${figures.join(', ')} FROM numbered`
}

function leastQuestions(path: string): string {
  return `SELECT ${PRICE_COLUMNS.map((name) => `min("${name}"), max("${name}")`).join(', ')} FROM ${table(path)}`
}

function duckAnswer(row: Readonly<Record<string, unknown>>): Answer {
  const rows = Number(row['rows'])
  const of = (i: number) => {
    const figure = (name: string) => Number(row[`${name}${i}`])
    const empty = rows - figure('count')
    return [
      ...[figure('count'), empty, 0, figure('min'), figure('minRow'), figure('max'), figure('maxRow')],
      ...[figure('first'), figure('last')],
    ]
  }
  return { rows, columns: PRICE_COLUMNS.map((_, i) => of(i)) }
}

interface Half {
  readonly rows: number
  readonly figures: Float64Array
}

/** Two warm threads that each read one half. */
function openLoop() {
  const workers = [0, 1].map(() => new Worker(join(import.meta.dirname, 'csv-loop.mjs')))
  const ask = (worker: Worker, half: { path: string; from: number; to: number }) =>
    new Promise<Half>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.postMessage(half)
    })
  return {
    async run(path: string): Promise<Answer> {
      const { size, middle } = await halves(path)
      const [first, second] = await Promise.all([
        ask(workers[0]!, { path, from: HEADER.length, to: middle }),
        ask(workers[1]!, { path, from: middle, to: size }),
      ])
      return { rows: first.rows + second.rows, columns: PRICE_COLUMNS.map((_, i) => joined(first, second, i)) }
    },
    close: () => Promise.all(workers.map((worker) => worker.terminate())),
  }
}

/** The first record start behind the middle. */
async function halves(path: string): Promise<{ size: number; middle: number }> {
  const file = await open(path)
  const { size } = await file.stat()
  const half = Math.floor(size / 2)
  const { buffer } = await file.read(Buffer.alloc(1024), 0, 1024, half)
  await file.close()
  return { size, middle: half + buffer.indexOf(10) + 1 }
}

/** Figures of a column in the order of csv-loop.mjs. */
function joined(a: Half, b: Half, column: number): number[] {
  const of = (half: Half) => [...half.figures.subarray(11 * column, 11 * (column + 1))]
  const [count, empty, invalid, min, minRow, max, maxRow, first, firstTime, last, lastTime] = of(a) as Eleven
  const [count2, empty2, invalid2, min2, minRow2, max2, maxRow2, first2, firstTime2, last2, lastTime2] = of(b) as Eleven
  return [
    ...[count + count2, empty + empty2, invalid + invalid2],
    ...(min <= min2 ? [min, minRow] : [min2, minRow2 + a.rows]),
    ...(max >= max2 ? [max, maxRow] : [max2, maxRow2 + a.rows]),
    ...[firstTime <= firstTime2 ? first : first2, lastTime2 >= lastTime ? last2 : last],
  ]
}
type Eleven = [number, number, number, number, number, number, number, number, number, number, number]
