import type { RowText } from '../../define.ts'
import type { Bad } from './troubles.ts'

export interface Marked {
  readonly before: string
  readonly marked: string
  readonly after: string
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A row's text with the place that is wrong in it; places count bytes. */
export function markedIn({ from, text }: RowText, { byte, mark }: Bad, delimiter: string): Marked {
  const bytes = encoder.encode(text)
  const at = byte - from
  if (mark === 'row' || at < 0 || at > bytes.length) return { before: text, marked: '', after: '' }
  const before = decoder.decode(bytes.subarray(0, at))
  const rest = text.slice(before.length)
  const length = mark === 'quote' ? 1 : cellLength(rest, delimiter)
  return { before, marked: rest.slice(0, length), after: rest.slice(length) }
}

function cellLength(text: string, delimiter: string): number {
  const quoted = /^"(?:[^"]|"")*"?/.exec(text)?.[0].length ?? 0
  const end = text.indexOf(delimiter, quoted)
  return end < 0 ? text.length : end
}
