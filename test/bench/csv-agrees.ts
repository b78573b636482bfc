import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { slicesOf } from '../../jobs/csv/file-index.ts'
import type { CsvParams } from '../../jobs/csv/params.ts'
import { completed, indexed } from '../jobs/csv/index-of.ts'
import { resultOf } from '../jobs/csv/run.ts'
import { type DuckDb, openDuckDb } from './duckdb.ts'
import type { BenchLine } from './line.ts'

// DuckDB agrees: clean files of random columns, the same figures by somebody else's program. What is exact must be equal;
// what DuckDB sums in doubles may differ by what doubles lose; quantiles lie in the bucket of the true one.

const FILES = 40
const MOST_ROWS = 4000
const SHARES = ['0.01', '0.05', '0.25', '0.5', '0.75', '0.95', '0.99'] as const
/** Doubles keep 53 bits of each addend; thousands of them, squared and subtracted, lose some. */
const LOST = 1e-9
const BUCKET = 2 ** -7

export async function csvAgreesBench(): Promise<BenchLine[]> {
  const duckDb = await openDuckDb(1)
  const folder = await mkdtemp(join(tmpdir(), 'poolparty-agrees-'))
  let figures = 0
  try {
    for (let seed = 1; seed <= FILES; seed++) {
      const path = join(folder, `${seed}.csv`)
      const bytes = Buffer.from(cleanFile(seed))
      await writeFile(path, bytes)
      figures += await compare(duckDb, path, bytes, seed)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
    duckDb.close()
  }
  return [{ bench: `csv-agrees: figures alike, ${FILES} random clean files`, value: figures, unit: 'figures', runs: 1 }]
}

/** Throws at the first figure that differs; answers how many did not. */
async function compare(duckDb: DuckDb, path: string, bytes: Uint8Array, seed: number): Promise<number> {
  const index = indexed(bytes)
  const params: CsvParams = completed({ timeColumn: null }, index)
  const { rows, columns } = await resultOf(bytes, params, index, slicesOf(params, index))
  let figures = 0
  const equal = (what: string, mine: number, theirs: number, within = 0) => {
    figures++
    const off = Math.abs(mine - theirs) / Math.max(Math.abs(theirs), Number.MIN_VALUE)
    if (!(mine === theirs || off <= within)) throw new Error(`File ${seed}, ${what}: ${mine}, DuckDB says ${theirs}.`)
  }
  for (const [name, column] of Object.entries(columns) as [string, Record<string, never>][]) {
    const v = `"${name}"`
    const quantiles = SHARES.map((share) => `quantile_disc(${v}, ${share}) AS "q${share}"`)
    const theirs = await duckDb.ask(
      `SELECT count(*) AS rows, count(${v}) AS count, min(${v}) AS min, max(${v}) AS max, sum(${v}) AS sum, avg(${v}) AS mean,
        var_pop(${v}) AS variance, stddev_pop(${v}) AS stddev, max(abs(${v})) AS size, ${quantiles.join(', ')}
       FROM read_csv('${path}', header = true, all_varchar = false, columns = {${Object.keys(columns)
         .map((one) => `'${one}': 'DOUBLE'`)
         .join(', ')}})`,
    )
    const their = (figure: string) => Number(theirs[figure])
    equal('rows', rows, their('rows'))
    for (const figure of ['count', 'min', 'max'] as const) equal(`${name} ${figure}`, column[figure]!, their(figure))
    // Where addends cancel, what is lost counts against them and not against the little that is left.
    const size = their('size')
    const near = (figure: string, unit: number) =>
      equal(`${name} ${figure}`, column[figure]! / unit + 1, their(figure) / unit + 1, LOST)
    near('sum', size * rows)
    near('mean', size)
    near('variance', size * size)
    for (const share of SHARES)
      equal(`${name} quantile ${share}`, (column['quantiles'] as never)[share], their(`q${share}`), BUCKET)
  }
  return figures
}

/** One to six columns, each of its own magnitude and places. */
function cleanFile(seed: number): string {
  let state = seed * 2_654_435_761
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const columns = Array.from({ length: 1 + Math.floor(random() * 6) }, () => {
    const places = Math.floor(random() * 9)
    const scale = 10 ** Math.floor(random() * 7)
    const least = random() < 0.5 ? 0 : -scale / 2
    return () => (least + random() * scale).toFixed(places)
  })
  const rows = Array.from({ length: 1 + Math.floor(random() * MOST_ROWS) }, () =>
    columns.map((cell) => cell()).join(','),
  )
  return [columns.map((_, i) => `c${i}`).join(','), ...rows, ''].join('\n')
}
