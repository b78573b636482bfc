import { day } from '../../../components/words/dates.ts'
import type { CsvParams } from '../params.ts'
import type { CsvResult } from '../shapes.ts'
import { type Column, labelOf } from './columns.ts'
import type { Trouble } from './troubles.ts'
import { counted } from './words.tsx'

/** The result in two sentences. */
export function Lead({
  result,
  columns,
  troubles,
}: {
  readonly result: CsvResult
  readonly columns: readonly Column[]
  readonly troubles: readonly Trouble[]
}) {
  const seen = troubles.some(({ places, harmless }) => places.length > 0 && !harmless)
  return (
    <div className="max-w-3xl">
      <h2>{readWords(result, columns)}</h2>
      <p className="mt-1">
        {wrongWords(result, troubles)} {seen ? <a href="#wrong">Look at what was wrong</a> : null}
      </p>
    </div>
  )
}

/** Troubles said one by one at most; the rest is counted. */
const NAMED = 3

/** What was read, in a sentence. */
export function readWords({ rows, time }: CsvResult, columns: readonly Column[]): string {
  if (rows === 0) return `The file has no rows below its first line, which names ${namesOf(columns)}.`
  const numbers = columns.filter(({ text }) => !text).length
  const words = columns.length - numbers
  const what = `${counted(rows, 'row')}, ${counted(numbers, 'column')} of numbers${words > 0 ? ` and ${words} of words` : ''}`
  if (!time?.first || !time.last) return `${what}.`
  const [from, to] = [day(time.first, 'UTC'), day(time.last, 'UTC')]
  return from === to ? `${what}, all of ${from} UTC.` : `${what}, from ${from} to ${to} UTC.`
}

function namesOf(columns: readonly Column[]): string {
  const named = columns.slice(0, NAMED).map(({ label }) => label)
  const more = columns.length - named.length
  return more > 0 ? `${named.join(', ')} and ${counted(more, 'more column')}` : named.join(', ')
}

/** Wrong cells of many columns are one thing to say. */
function together(troubles: readonly Trouble[]): readonly Pick<Trouble, 'count' | 'words'>[] {
  const columns = troubles.filter(({ type }) => type === 'cells')
  if (columns.length < NAMED) return columns
  const count = columns.reduce((sum, one) => sum + one.count, 0)
  return [{ count, words: `${counted(count, 'cell')} of ${columns.length} columns are no valid numbers` }]
}

/** What was wrong in it, in a sentence. */
export function wrongWords({ rows }: CsvResult, troubles: readonly Trouble[]): string {
  if (rows === 0) return ''
  const harmful = troubles.filter(({ harmless }) => !harmless)
  const wrong = [...together(harmful), ...harmful.filter(({ type }) => type !== 'cells')].sort(
    (a, b) => b.count - a.count,
  )
  if (wrong.length === 0) return 'Nothing was wrong in it.'
  const named = wrong.slice(0, wrong.length === NAMED + 1 ? NAMED + 1 : NAMED).map(({ words }) => words)
  const more = wrong.length - named.length
  const all =
    more > 0 ? [...named, `there ${more === 1 ? 'is' : 'are'} ${counted(more, 'other kind')} of fault`] : named
  const last = all.pop() ?? ''
  return `${all.length > 0 ? `${all.join(', ')}, and ${last}` : last}.`
}

const SIGNS: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
  ' ': 'spaces',
}

/** How the file was understood: whoever doubts a figure looks here first. */
export function HowRead({ params }: { readonly params: CsvParams }) {
  const { layout, price } = params
  if (!layout) return null
  const delimiter = String.fromCharCode(layout.delimiter)
  const bounds = [
    ...(price?.min === undefined ? [] : [`below ${price.min}`]),
    ...(price?.max === undefined ? [] : [`above ${price.max}`]),
  ]
  return (
    <p className="mt-10 max-w-3xl text-small text-quiet">
      Read with {SIGNS[delimiter] ?? `“${delimiter}”`} between cells and a {layout.decimal === 44 ? 'comma' : 'point'}{' '}
      in numbers
      {layout.time ? `, times from ${labelOf(layout.time.name)} as ${layout.time.format}` : ', without times'}.
      {bounds.length > 0 ? ` Prices ${bounds.join(' or ')} were taken for invalid.` : ''} File{' '}
      <code>{params.file}</code>.
    </p>
  )
}
