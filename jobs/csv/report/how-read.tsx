import type { CsvParams } from '../params.ts'
import { labelOf } from './columns.ts'

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
