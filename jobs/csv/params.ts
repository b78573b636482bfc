import * as z from 'zod/mini'
import { type Complaint, choice, expecting, together, unknownField } from '../params.ts'
import { compilePattern } from './time-pattern.ts'

// Every message is read by a person beside the field it names.

export const MOST_COLUMNS = { extremes: 256, all: 32 } as const
const MOST_BINS = 1000

const finite = (name: string) => z.number({ error: expecting(`${name} must be a number.`) })
const name = (what: string) => {
  const error = expecting(`${what} must be the name of a column, as it stands in the first line.`)
  return z.string({ error }).check(z.maxLength(1_048_576, { error }))
}
/** One ASCII character that cannot stand in a number, a name or a quote. */
export const DELIMITER = /^[\t !#$%&'()*,/:;<=>?@[\\\]^_`{|}~]$/

const noMore = unknownField('A CSV job')

const range = (what: string, least: string, most: string) =>
  z
    .catchall(
      z.object({ min: z.optional(finite(least)), max: z.optional(finite(most)) }, { error: expecting(what) }),
      noMore,
    )
    .check(
      z.refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
        path: ['max'],
        error: `${most} must not be below ${least.charAt(0).toLowerCase()}${least.slice(1)}.`,
      }),
    )

const binsError = expecting(`Histogram bins must be a whole number from 1 to ${MOST_BINS}.`)
const histogram = z
  .catchall(
    z.object(
      {
        bins: z.int({ error: binsError }).check(z.gte(1, { error: binsError }), z.lte(MOST_BINS, { error: binsError })),
        min: z.optional(finite("The histogram's smallest value")),
        max: z.optional(finite("The histogram's largest value")),
      },
      { error: expecting('Histogram must be an object like { "bins": 50 }.') },
    ),
    noMore,
  )
  .check(
    z.refine(({ min, max }) => min === undefined || max === undefined || (min < max && Number.isFinite(max - min)), {
      path: ['max'],
      error: "The histogram's largest value must be above its smallest, and not further away than a double can say.",
    }),
  )

const fileError: ReturnType<typeof expecting> = (issue) =>
  issue.input === undefined
    ? 'Choose one of the files of this pool.'
    : expecting('File must be the id of a file of this pool.')(issue)
const delimiterError = expecting('Delimiter must be one character such as "," ";" "|" or a tab.')
const formatError = expecting(
  'Time format must be "iso", "unix", "unix-ms", "unix-us", "unix-ns" or a pattern like "DD.MM.YYYY HH:mm:ss.SSS".',
)

// How a file is read and what is wanted of it, in numbers and bytes: all a device needs beside the records. Made once,
// when the job is submitted, from the params and what is known of the file.

const byte = z.int().check(z.gte(0), z.lte(255))
const column = z.int().check(z.gte(0), z.lt(1_048_577))

const layoutSchema = z.strictObject({
  delimiter: byte,
  /** 46 or 44. */
  decimal: byte,
  lineEnd: z.enum(['lf', 'cr']),
  /** Of the whole file. */
  columns: z.int().check(z.gte(1), z.lte(1_048_577)),
  /** The numeric columns asked for, in the order of the file. */
  numeric: z.array(z.strictObject({ name: z.string(), column })).check(z.maxLength(256)),
  time: z.nullable(z.strictObject({ name: z.string(), column, format: z.string() })),
})
export type Layout = z.infer<typeof layoutSchema>

const fields = z.object(
  {
    file: z
      .string({ error: fileError })
      .check(z.minLength(1, { error: fileError }), z.maxLength(200, { error: fileError })),
    columns: z.optional(
      z.array(name('Each column'), { error: expecting('Columns must be a list of column names.') }).check(
        z.minLength(1, { error: 'Choose at least one column, or leave columns out for all of them.' }),
        z.refine((names) => new Set(names).size === names.length, { error: 'A column is listed twice.' }),
      ),
    ),
    statistics: z._default(choice('Statistics', ['extremes', 'all']), 'all'),
    delimiter: z.optional(z.string({ error: delimiterError }).check(z.regex(DELIMITER, { error: delimiterError }))),
    header: z.optional(z.boolean({ error: expecting('Header must be true or false.') })),
    decimal: z.optional(choice('Decimal', ['.', ','])),
    /** `null`: the file has no times, whatever is detected. */
    timeColumn: z.optional(z.nullable(name('Time column'))),
    timeFormat: z.optional(
      z.string({ error: formatError }).check(
        z.maxLength(100, { error: formatError }),
        z.refine((text) => compilePattern(text).type === 'pattern', { error: formatError }),
      ),
    ),
    price: z.optional(range('Price must be an object like { "min": 0 }.', 'The lowest price', 'The highest price')),
    histogram: z.optional(histogram),
    groupBy: z.optional(choice('Group by', ['hour', 'day', 'month'])),
    /** Filled in by the pool when the job is submitted; whatever is sent here is replaced. */
    layout: z.optional(layoutSchema),
  },
  { error: expecting('The params of a CSV job must be an object with at least a file.') },
)

export function tooMany(statistics: 'extremes' | 'all'): string {
  return `Choose at most ${MOST_COLUMNS[statistics]} columns for statistics "${statistics}".`
}

export type CsvParams = z.infer<typeof fields>

export const schema: z.ZodMiniType<CsvParams> = z.catchall(fields, noMore).check(together(complaints))

/** What fields that are each fine by themselves get wrong together. */
function complaints({ columns, statistics, delimiter, decimal, histogram, groupBy }: CsvParams) {
  const found: Complaint[] = []
  if (columns && columns.length > MOST_COLUMNS[statistics])
    found.push({ path: ['columns'], message: tooMany(statistics) })
  if (delimiter === ',' && decimal === ',')
    found.push({ path: ['decimal'], message: 'The comma cannot be both the delimiter and the decimal sign.' })
  if (statistics === 'all') return found
  if (histogram) found.push({ path: ['histogram'], message: 'A histogram needs statistics "all".' })
  if (groupBy) found.push({ path: ['groupBy'], message: 'Groups by time need statistics "all".' })
  return found
}

/** What only a job with a layout can be asked. */
export function layoutOf(params: CsvParams): Layout {
  if (!params.layout) throw new Error('These params have not been completed from their file.')
  return params.layout
}

/** Columns that the price range does not apply to, and that may not be negative. */
const VOLUMES: readonly string[] = ['AskVolume', 'BidVolume']
const NOT_NEGATIVE: readonly string[] = ['Ask', 'Bid', ...VOLUMES]

interface Role {
  readonly notNegative: boolean
  readonly priced: boolean
  readonly volume: boolean
}

export function roleOf(name: string): Role {
  return {
    notNegative: NOT_NEGATIVE.includes(name),
    priced: !VOLUMES.includes(name),
    volume: /volume$/i.test(name),
  }
}

/** Which slots hold Ask and Bid, where both are asked for. */
export function spreadOf(layout: Layout): { readonly ask: number; readonly bid: number } | null {
  const ask = layout.numeric.findIndex(({ name }) => name === 'Ask')
  const bid = layout.numeric.findIndex(({ name }) => name === 'Bid')
  return ask >= 0 && bid >= 0 ? { ask, bid } : null
}

/** The slot whose sums are the volume of `slot`'s candles: itself, its own volume column, or the one called Volume. */
export function volumeOf(layout: Layout, slot: number): number | null {
  const names = layout.numeric.map(({ name }) => name)
  const name = names[slot] ?? ''
  if (roleOf(name).volume) return slot
  const own = names.indexOf(`${name}Volume`)
  const shared = names.findIndex((other) => /^volume$/i.test(other))
  return own >= 0 ? own : shared >= 0 ? shared : null
}
