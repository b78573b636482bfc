import type { CsvParams } from '../params.ts'
import type { ColumnResult, CsvResult } from '../shapes.ts'

export interface Column {
  readonly name: string
  /** The name as far as anybody reads it: a cell may have a million letters. */
  readonly label: string
  readonly figures: ColumnResult
  /** No cell of it is a number, and some are something else. */
  readonly text: boolean
}

/** In the order of the file, which objects do not keep where names are numbers. */
export function columnsOf(result: CsvResult, params: CsvParams): readonly Column[] {
  const names = params.layout?.numeric.map(({ name }) => name) ?? Object.keys(result.columns)
  return names.flatMap((name) => {
    const figures = Object.hasOwn(result.columns, name) ? result.columns[name] : undefined
    return figures ? [{ name, label: labelOf(name), figures, text: isText(figures) }] : []
  })
}

const MOST_LETTERS = 60

export function labelOf(name: string): string {
  return name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name
}

function isText({ count, invalid, invalidPlaces }: ColumnResult): boolean {
  return count === 0 && invalid > 0 && invalidPlaces.every(({ reason }) => reason === 'not a number')
}

const VOLUME = /volume|quantity|^qty$|^vol$|amount|trades|^count$|size$/i
const PRICE = /price|rate|ask|bid|open|high|low|close|last|mid|vwap|kurs|preis/i

/** The columns somebody means who asks for the low or the high price: Ask and Bid, else what is called a price, else what is no volume. */
export function pricesAmong(columns: readonly Column[]): readonly Column[] {
  const filled = columns.filter(({ figures }) => figures.count > 0)
  const quotes = filled.filter(({ name }) => name === 'Ask' || name === 'Bid')
  if (quotes.length > 0) return quotes
  const others = filled.filter(({ name }) => !VOLUME.test(name))
  const named = others.filter(({ name }) => PRICE.test(name))
  return named.length > 0 ? named : others.length > 0 ? others : filled
}

export interface Extreme {
  readonly name: string
  readonly label: string
  readonly value: number
  readonly row: number
  readonly time: string | null
}

/** Lowest or highest values with where they stand, the most extreme first. */
export function extremesAmong(columns: readonly Column[], which: 'low' | 'high'): readonly Extreme[] {
  const found = columns.flatMap(({ name, label, figures }): Extreme[] => {
    const { min, minRow, minTime, max, maxRow, maxTime } = figures
    if (min === null || max === null || minRow === null || maxRow === null) return []
    return [
      which === 'low'
        ? { name, label, value: min, row: minRow, time: minTime }
        : { name, label, value: max, row: maxRow, time: maxTime },
    ]
  })
  return found.sort((a, b) => (which === 'low' ? a.value - b.value : b.value - a.value))
}
