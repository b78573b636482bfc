import * as z from 'zod/mini'

// How a file is read and what is wanted of it, in numbers and bytes: all a device needs beside the records. Made once,
// when the job is submitted, from the params and what is known of the file.

const byte = z.int().check(z.gte(0), z.lte(255))
const column = z.int().check(z.gte(0), z.lt(1_048_577))

export const layoutSchema = z.strictObject({
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

/** Columns that the price range does not apply to, and that may not be negative. */
const VOLUMES: readonly string[] = ['AskVolume', 'BidVolume']
const NOT_NEGATIVE: readonly string[] = ['Ask', 'Bid', ...VOLUMES]

export interface Role {
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
