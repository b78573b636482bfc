import * as z from 'zod/mini'
import { type Complaint, expecting, shown, together, unknownField, wholeNumber } from '../params.ts'

// Every message is read by a person beside the field it names.

/** Cells of a sweep's grid: what still makes a picture and a result of a few megabytes. */
const MAX_CELLS = 50_000
const MAX_LIST = 1000
const MAX_MODELS = 100
const MAX_POINTS_BACK = 1_000_000

/** From `min` up to, but not including, `below`. */
function share(name: string, min: number, below: number) {
  const error = expecting(`${name} must be a number from ${min} to below ${below}.`)
  return z.number({ error }).check(z.gte(min, { error, abort: true }), z.lt(below, { error, abort: true }))
}

function price(name: string) {
  const error = expecting(`${name} must be a price in USD, above 0 and at most 90000000.`)
  return z.number({ error }).check(z.gt(0, { error, abort: true }), z.lte(90_000_000, { error, abort: true }))
}

function list<Item extends z.ZodMiniType>(name: string, item: Item, max: number) {
  const error = expecting(`${name} must be a list of 1 to ${max} numbers.`)
  return z.array(item, { error }).check(z.minLength(1, { error }), z.maxLength(max, { error }))
}

const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d))?$/

function time(name: string) {
  const error = expecting(`${name} must be a time like "2026-11-21" or "2026-11-21T09:30:00Z".`)
  return z.string({ error }).check(
    z.regex(ISO, { error, abort: true }),
    z.refine((text) => Number.isFinite(Date.parse(text)), { error }),
  )
}

const base = {
  series: z
    .string({ error: expecting('Series must be the id of an imported series.') })
    .check(z.regex(/^[\w-]{1,128}$/, { error: expecting('Series must be the id of an imported series.') })),
  from: z.optional(time('From')),
  to: z.optional(time('To')),
}

const noMore = unknownField('This analysis')

const sweep = z.object({
  ...base,
  analysis: z.literal('sweep'),
  windows: list('Windows', wholeNumber('A window', 1, MAX_POINTS_BACK), MAX_LIST),
  tolerances: list('Tolerances', share('A tolerance', 0, 1), MAX_LIST),
  holds: list('Holds', wholeNumber('A hold', 0, MAX_POINTS_BACK), MAX_LIST),
  fee: z._default(share('Fee', 0, 1), 0),
})

const predict = z.object({
  ...base,
  analysis: z.literal('predict'),
  windows: list('Windows', wholeNumber('A window', 2, MAX_POINTS_BACK), MAX_MODELS),
  horizons: list('Horizons', wholeNumber('A horizon', 1, MAX_POINTS_BACK), MAX_MODELS),
})

const METHODS = ['bootstrap', 'gbm'] as const

const forecast = z.object({
  ...base,
  analysis: z.literal('forecast'),
  paths: wholeNumber('Paths', 1, 100_000_000),
  points: wholeNumber('Points', 1, 100_000),
  method: z.enum(METHODS, { error: expecting('Method must be bootstrap or gbm.') }),
  seed: wholeNumber('Seed', 0, Number.MAX_SAFE_INTEGER),
  setpoint: z.optional(price('Setpoint')),
  upper: z.optional(price('Upper alarm')),
  lower: z.optional(price('Lower alarm')),
})

const levels = z.object({
  ...base,
  analysis: z.literal('levels'),
  depth: wholeNumber('Depth', 1, 10),
  window: wholeNumber('Window', 2, 10_000),
  coverage: share('Coverage', 0.5, 1),
  /** Points between two fits; a tenth of the window unless said otherwise. */
  stride: z.optional(wholeNumber('Stride', 1, 10_000)),
})

// The complaint stands at `analysis`, but what it is given is the whole object.
function unknownAnalysis({ input }: { readonly input?: unknown }): string {
  if (typeof input !== 'object' || input === null) return expecting('A BTC job is described by an object.')({ input })
  const analysis = 'analysis' in input ? input.analysis : undefined
  return expecting('Analysis must be sweep, predict, forecast or levels.')({ input: analysis })
}

const analyses = z.discriminatedUnion(
  'analysis',
  [z.catchall(sweep, noMore), z.catchall(predict, noMore), z.catchall(forecast, noMore), z.catchall(levels, noMore)],
  { error: unknownAnalysis },
)

export type SweepParams = z.infer<typeof sweep>
export type PredictParams = z.infer<typeof predict>
export type ForecastParams = z.infer<typeof forecast>
export type LevelsParams = z.infer<typeof levels>
export type BtcParams = SweepParams | PredictParams | ForecastParams | LevelsParams

export const schema: z.ZodMiniType<BtcParams> = analyses.check(together(complaints))

/** What fields that are each fine by themselves get wrong together. */
function complaints(params: BtcParams): Complaint[] {
  const found: Complaint[] = []
  if (params.from && params.to && Date.parse(params.from) > Date.parse(params.to)) {
    found.push({ path: ['to'], message: `To must not be before from. You wrote ${shown(params.to)}.` })
  }
  if (params.analysis === 'sweep') {
    const { windows, tolerances, holds } = params
    const cells = windows.length * tolerances.length * holds.length
    const message = `A grid may have at most ${MAX_CELLS} cells. ${windows.length} × ${tolerances.length} × ${holds.length} are ${cells}.`
    if (cells > MAX_CELLS) found.push({ path: ['windows'], message })
  }
  if (params.analysis === 'forecast') {
    const { upper, lower, paths, points } = params
    if (upper !== undefined && lower !== undefined && lower >= upper) {
      found.push({ path: ['lower'], message: `The lower alarm must be below the upper one. You wrote ${lower}.` })
    }
    if (paths * points > 100_000_000_000) {
      found.push({
        path: ['paths'],
        message: `Paths × points may be at most 100000000000. They are ${paths * points}.`,
      })
    }
  }
  return found
}

/** Prices of the moving average that a link to the desk may ask for: `/btc?window=…&tolerance=…`. */
const LARGEST_WINDOW = 5000

export function isDeskWindow(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= LARGEST_WINDOW
}

/** The id under which every pool offers the project's own sample. */
export const SAMPLE_SERIES = 'sample'

const fewer = [5, 10, 20, 40, 60, 90, 120, 180, 240, 360, 480, 720]

export const gallery: readonly { readonly name: string; readonly params: BtcParams }[] = [
  {
    name: 'Which window, which tolerance?',
    params: {
      series: SAMPLE_SERIES,
      analysis: 'sweep',
      windows: fewer,
      tolerances: [0, 0.0005, 0.001, 0.002, 0.005, 0.01],
      holds: [0, 20, 100],
      fee: 0.001,
    },
  },
  {
    name: 'How good is the two-minute prediction?',
    params: { series: SAMPLE_SERIES, analysis: 'predict', windows: fewer, horizons: [1, 4, 8, 20] },
  },
  {
    name: 'A hundred thousand futures',
    params: { series: SAMPLE_SERIES, analysis: 'forecast', paths: 100_000, points: 240, method: 'bootstrap', seed: 1 },
  },
  {
    name: 'Decision levels and a 90 % band',
    params: { series: SAMPLE_SERIES, analysis: 'levels', depth: 5, window: 500, coverage: 0.9 },
  },
]
