import type { CsvResult, Finding, FoundAt } from '../shapes.ts'
import { type Column, labelOf } from './columns.ts'
import { counted } from './words.tsx'

// Everything that was wrong in a file, by what was wrong.

export interface Bad extends FoundAt {
  /** Null where it is the row that is wrong. */
  readonly column: string | null
  readonly reason: string
  /** What stands at the byte. */
  readonly mark: 'cell' | 'quote' | 'row'
}

export interface Trouble {
  readonly id: string
  /** Of one column's cells, or of whole rows. */
  readonly type: 'cells' | 'rows'
  /** A sentence without its end: "12 cells of Ask are no valid numbers". */
  readonly words: string
  readonly count: number
  /** The first hundred at most. */
  readonly places: readonly Bad[]
  /** A column of words is as it should be; who wants may look. */
  readonly harmless: boolean
}

export function troublesOf(result: CsvResult, columns: readonly Column[]): readonly Trouble[] {
  return [...cellTroubles(columns), ...timeTroubles(result), ...rowTroubles(result)].filter(({ count }) => count > 0)
}

function cellTroubles(columns: readonly Column[]): readonly Trouble[] {
  return columns.map(({ name, label, figures: { invalid, invalidPlaces }, text }) => ({
    id: `column ${name}`,
    type: 'cells',
    count: invalid,
    words: text
      ? `${label} holds no numbers`
      : `${counted(invalid, 'cell')} of ${label} ${plural(invalid, 'is no valid number', 'are no valid numbers')}`,
    places: invalidPlaces.map((place): Bad => ({ ...place, column: label, mark: markOf(place.reason) })),
    harmless: text,
  }))
}

function timeTroubles({ time, spread }: CsvResult): readonly Trouble[] {
  const found: Trouble[] = []
  if (time) {
    const { format, invalid, invalidPlaces, outOfOrder } = time
    const column = labelOf(time.column)
    found.push({
      id: 'time',
      type: 'rows',
      count: invalid,
      words: `${counted(invalid, 'cell')} of ${column} ${plural(invalid, 'is no time', 'are no times')} in the format ${format}`,
      places: invalidPlaces.map((place): Bad => ({ ...place, column, mark: markOf(place.reason) })),
      harmless: false,
    })
    if (outOfOrder) {
      const words = (count: number) =>
        `${counted(count, 'row')} ${plural(count, 'is', 'are')} earlier than the row before`
      found.push(trouble('order', outOfOrder, words, { column, reason: 'earlier than the row before', mark: 'row' }))
    }
  }
  if (spread) {
    const words = (count: number) => `${counted(count, 'row')} ${plural(count, 'has', 'have')} an Ask below the Bid`
    found.push(trouble('crossed', spread.crossed, words, { column: 'Ask', reason: 'Ask below Bid', mark: 'cell' }))
  }
  return found
}

function rowTroubles({ ragged, short, strayQuotes, unclosedQuote, overlong, rows }: CsvResult): readonly Trouble[] {
  const nowhere = { column: null, reason: '', mark: 'row' } as const
  const quote = (reason: string) => ({ column: null, reason, mark: 'quote' }) as const
  const unclosed = unclosedQuote === null || rows === 0 ? [] : [{ row: rows - 1, byte: unclosedQuote }]
  return [
    trouble(
      'overlong',
      { count: overlong, places: [] },
      (count) => `${counted(count, 'row')} ${plural(count, 'is', 'are')} longer than 1 MiB`,
      nowhere,
    ),
    trouble(
      'ragged',
      ragged,
      (count) => `${counted(count, 'row')} ${plural(count, 'has', 'have')} more cells than there are columns`,
      {
        ...nowhere,
        reason: 'more cells than columns',
      },
    ),
    trouble(
      'short',
      { count: short, places: [] },
      (count) => `${counted(count, 'row')} ${plural(count, 'has', 'have')} fewer cells than there are columns`,
      nowhere,
    ),
    trouble(
      'quotes',
      strayQuotes,
      (count) => `${counted(count, 'quote')} ${plural(count, 'stands', 'stand')} where none should`,
      quote('a stray quote'),
    ),
    trouble(
      'unclosed',
      { count: unclosed.length, places: unclosed },
      () => 'A quote is never closed and takes the rest of the file',
      quote('a quote that is never closed'),
    ),
  ]
}

function trouble(
  id: string,
  { count, places }: Finding,
  words: (count: number) => string,
  bad: Omit<Bad, keyof FoundAt>,
): Trouble {
  return {
    id,
    type: 'rows',
    count,
    words: words(count),
    places: places.map((place) => ({ ...place, ...bad })),
    harmless: false,
  }
}

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many)
const markOf = (reason: string): Bad['mark'] => (reason === 'record over 1 MiB' ? 'row' : 'cell')

/** Places of all of them in the order of the file; what is wrong with a whole row is told once, not for every column. */
export function placesOf(troubles: readonly Trouble[]): readonly Bad[] {
  const told = new Map<string, Bad>()
  for (const bad of troubles.flatMap(({ places }) => places)) {
    const key = `${bad.byte} ${bad.reason} ${bad.mark === 'row' ? '' : bad.column}`
    const same = told.get(key)
    told.set(key, same ? { ...same, column: null } : bad)
  }
  return [...told.values()].sort((a, b) => a.row - b.row || a.byte - b.byte)
}
