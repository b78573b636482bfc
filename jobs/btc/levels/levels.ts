import { type Analysis, type Band, wilson } from '../analysis.ts'
import type { LevelsParams } from '../params.ts'
import { type Series, usd } from '../series.ts'
import { checkFits, type Fit, fitsOf, type Leaf, leavesOf, levelsPlan } from './task.ts'

/** Points looked at that earn one credit. */
const POINTS_PER_CREDIT = 1_000_000
/** Bands in the JSON result; more could not be told apart on a chart. The CSV has all. */
const MAX_BANDS = 2000

/** Decision levels by a regression tree and a band with measured coverage; formulas in the kind's README. */
export const levels: Analysis<LevelsParams> = {
  title: ({ depth, window }) => `Levels of depth ${depth} over ${window.toLocaleString('en')} points`,
  split: (params, series) => levelsPlan(params, series.prices.length).tasks,
  price(params, index, output, series) {
    const plan = levelsPlan(params, series.prices.length)
    const { warm, from, to } = plan.run(index)
    const hasTree = plan.fits > 0 && to === plan.fits
    checkFits(output, to - from, hasTree ? 2 ** params.depth : 0)
    return Math.max(1, Math.ceil(((to - warm) * params.window) / POINTS_PER_CREDIT))
  },
  async *json(params, outputs, series) {
    const { leaves, bands, coverage, width } = await merged(params, outputs, series)
    const now = bands[bands.length - 1] ?? null
    yield `"levels":${JSON.stringify(leaves)},"band":${JSON.stringify(now)},`
    yield `"coverage":${JSON.stringify({ asked: params.coverage, ...coverage })},"meanWidth":${width},"bands":`
    yield JSON.stringify(thinned(bands))
  },
  async *csv(params, outputs, series) {
    yield 'at,level,low,high,inside,of\n'
    const { bands } = await merged(params, outputs, series)
    for (const { at, level, low, high, inside, of } of bands) yield `${[at, level, low, high, inside, of].join(',')}\n`
  },
}

async function merged(params: LevelsParams, outputs: AsyncIterable<Uint8Array>, series: Series) {
  const plan = levelsPlan(params, series.prices.length)
  const bands: Band[] = []
  let leaves: Leaf[] = []
  let index = 0
  for await (const output of outputs) {
    const { from, to } = plan.run(index++)
    for (const fit of fitsOf(output, to - from)) bands.push(bandOf(fit, plan.origin(bands.length), series))
    leaves = leavesOf(output, to - from)
  }
  const drawn = bands.filter(({ low, high }) => low !== null && high !== null)
  const count = bands.reduce((sum, { of }) => sum + of, 0)
  const inside = bands.reduce((sum, band) => sum + band.inside, 0)
  const width = drawn.reduce((sum, { low, high }) => sum + (high! - low!), 0)
  return {
    leaves: leaves.map(({ from, to, level }) => ({
      from: timeOf(series, from),
      to: timeOf(series, to - 1),
      level: usd(level),
    })),
    bands,
    coverage: { ...wilson(inside, count), count },
    width: drawn.length === 0 ? null : width / drawn.length,
  }
}

function bandOf({ level, low, high, inside, of }: Fit, origin: number, series: Series): Band {
  const edge = (units: number) => (Number.isNaN(units) ? null : usd(units))
  return { at: timeOf(series, origin), level: usd(level), low: edge(low), high: edge(high), inside, of }
}

function timeOf({ times }: Series, point: number): string {
  return new Date(times[point]!).toISOString()
}

/** Evenly chosen ones, the last among them. */
function thinned(bands: readonly Band[]): readonly Band[] {
  const every = Math.ceil(bands.length / MAX_BANDS)
  return bands.filter((_, i) => (bands.length - 1 - i) % every === 0)
}
