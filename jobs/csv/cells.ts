import type { LineEnd } from './records.ts'

/** The dialect a record is read in. */
export interface Dialect {
  /** One ASCII character. */
  readonly delimiter: string
  readonly lineEnd: LineEnd
}

const QUOTE = 34
const LF = 10
const CR = 13
const text = new TextDecoder()

export interface ReadRecord {
  /** Contents without quotes, spaces and tabs around them. */
  readonly cells: readonly string[]
  /** Where the next record starts. */
  readonly next: number
  /** False where the bytes end first: there may be more of it. */
  readonly ended: boolean
  readonly blank: boolean
}

/**
 * Reads one record by the rules of README.md. For headers and previews; kernels have their own way of reading the same.
 */
export function readRecord(bytes: Uint8Array, start: number, { delimiter, lineEnd }: Dialect): ReadRecord {
  const separator = delimiter.charCodeAt(0)
  const cells: string[] = []
  let at = start
  for (;;) {
    const parts: Uint8Array[] = []
    if (bytes[at] === QUOTE) {
      at++
      for (;;) {
        const close = bytes.indexOf(QUOTE, at)
        const until = close < 0 ? bytes.length : close
        if (bytes[until + 1] !== QUOTE || close < 0) {
          parts.push(bytes.subarray(at, until))
          at = close < 0 ? until : until + 1
          break
        }
        parts.push(bytes.subarray(at, until + 1))
        at = until + 2
      }
    }
    let end = at
    while (end < bytes.length && bytes[end] !== separator && endLength(bytes, end, lineEnd) === 0) end++
    parts.push(bytes.subarray(at, end))
    cells.push(
      parts
        .map((part) => text.decode(part))
        .join('')
        .replace(/^[ \t]+|[ \t]+$/g, ''),
    )
    at = end
    if (at >= bytes.length) return { cells, next: at, ended: false, blank: at === start }
    const ending = endLength(bytes, at, lineEnd)
    if (ending > 0) return { cells, next: at + ending, ended: true, blank: at === start }
    at++
  }
}

/** Where the record at `start` ends and the next one starts, by the same rules; the bytes' end where it does not end. */
export function recordEnd(
  bytes: Uint8Array,
  start: number,
  { delimiter, lineEnd }: Dialect,
): [end: number, next: number] {
  const separator = delimiter.charCodeAt(0)
  for (let at = start; ; at++) {
    if (bytes[at] === QUOTE) at = quotedEnd(bytes, at)
    while (at < bytes.length && bytes[at] !== separator && endLength(bytes, at, lineEnd) === 0) at++
    if (at >= bytes.length) return [bytes.length, bytes.length]
    const ending = endLength(bytes, at, lineEnd)
    if (ending > 0) return [at, at + ending]
  }
}

/** Behind the quote that closes the one at `open`. */
function quotedEnd(bytes: Uint8Array, open: number): number {
  for (let at = open + 1; ; ) {
    const close = bytes.indexOf(QUOTE, at)
    if (close < 0) return bytes.length
    if (bytes[close + 1] !== QUOTE) return close + 1
    at = close + 2
  }
}

function endLength(bytes: Uint8Array, at: number, lineEnd: LineEnd): number {
  const byte = bytes[at]
  if (lineEnd === 'cr') return byte === CR ? 1 : 0
  return byte === LF ? 1 : byte === CR && bytes[at + 1] === LF ? 2 : 0
}

/** Reads at most `most` records that are not blank; the last one only if it is whole or the bytes are all there is. */
export function readRecords(bytes: Uint8Array, dialect: Dialect, most: number, complete: boolean): string[][] {
  const records: string[][] = []
  for (let at = 0; at < bytes.length && records.length < most; ) {
    const record = readRecord(bytes, at, dialect)
    if (!record.ended && !complete && records.length > 0) break
    if (!record.blank) records.push([...record.cells])
    at = record.next
  }
  return records
}

/** Names of columns: as the header says, its number where it says nothing, `#2` behind a name that was there already. */
export function namesOf(first: readonly string[], header: boolean): string[] {
  if (!header) return first.map((_, index) => String(index + 1))
  const taken = new Set<string>()
  const next = new Map<string, number>()
  return first.map((cell, index) => {
    const name = cell === '' ? String(index + 1) : cell
    let count = next.get(name) ?? 1
    let unique = count === 1 ? name : `${name}#${count}`
    while (taken.has(unique)) unique = `${name}#${++count}`
    next.set(name, count + 1)
    taken.add(unique)
    return unique
  })
}
