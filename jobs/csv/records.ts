// Where records start: one pass over a file's bytes, in chunks of any size. Knows quotes and line ends, nothing of cells.

export type LineEnd = 'lf' | 'cr'

export const BLOCK_BYTES = 1 << 20
/** A longer record is one row, invalid in every column, and no device ever reads it. */
export const MOST_RECORD_BYTES = 1 << 20

const QUOTE = 34
const CR = 13
const LF = 10

export interface RecordIndex {
  readonly bytes: number
  readonly rows: number
  /** Where the first row starts, behind the header. */
  readonly dataStart: number
  /** Per MiB: the first record start at or behind its beginning (the file's end where there is none). */
  readonly starts: readonly number[]
  /** Per MiB: rows before that record. */
  readonly rowsBefore: readonly number[]
  /** Numbers of the MiB that begin inside quotes. */
  readonly quoted: readonly number[]
  /** Records over the limit: start, end, row. */
  readonly long: readonly (readonly [start: number, end: number, row: number])[]
}

export interface RecordRules {
  readonly delimiter: string
  readonly lineEnd: LineEnd
  readonly header: boolean
  /** A blank line is a row only in a file of one column. */
  readonly columns: number
}

export function createRecordScanner({ delimiter, lineEnd, header, columns }: RecordRules) {
  const separator = delimiter.charCodeAt(0)
  const eol = lineEnd === 'lf' ? LF : CR
  const starts: number[] = [0]
  const rowsBefore: number[] = [0]
  const quoted: number[] = []
  const long: (readonly [number, number, number])[] = []
  let rows = 0
  let dataStart = 0
  let awaitingHeader = header
  let nextBlock = BLOCK_BYTES
  let offset = 0
  let recordStart = 0
  let inside = false
  /** A quote inside quotes was the last byte: the next one says whether it closed them. */
  let undecided = false
  let before = -1

  function endRecord(end: number, next: number): void {
    const length = end - recordStart
    const blank = length === 0
    if (awaitingHeader) {
      if (!blank) {
        awaitingHeader = false
        dataStart = next
      }
    } else if (!blank || columns === 1) {
      if (length > MOST_RECORD_BYTES) long.push([recordStart, next, rows])
      rows++
    }
    recordStart = next
    for (; nextBlock <= next; nextBlock += BLOCK_BYTES) {
      starts.push(next)
      rowsBefore.push(rows)
    }
  }

  /** One stretch that crosses no block. */
  function scan(bytes: Uint8Array): void {
    const size = bytes.length
    let i = 0
    if (undecided && size > 0) {
      undecided = false
      if (bytes[0] === QUOTE) i = 1
      else inside = false
    }
    while (i < size) {
      if (inside) {
        const quote = bytes.indexOf(QUOTE, i)
        if (quote < 0) break
        if (quote + 1 === size) {
          undecided = true
          break
        }
        if (bytes[quote + 1] === QUOTE) i = quote + 2
        else {
          inside = false
          i = quote + 1
        }
        continue
      }
      let byte = bytes[i]!
      while (byte !== eol && byte !== QUOTE && ++i < size) byte = bytes[i]!
      if (i === size) break
      const at = offset + i
      const last = i > 0 ? bytes[i - 1]! : before
      if (byte === eol) {
        const end = eol === LF && last === CR && at > recordStart ? at - 1 : at
        endRecord(end, at + 1)
      } else if (at === recordStart || last === separator) inside = true
      i++
    }
    if (size > 0) before = bytes[size - 1]!
    offset += size
  }

  return {
    push(bytes: Uint8Array): void {
      for (let at = 0; at < bytes.length; ) {
        const room = BLOCK_BYTES - (offset % BLOCK_BYTES)
        const stretch = bytes.subarray(at, at + room)
        scan(stretch)
        at += stretch.length
        if (offset % BLOCK_BYTES === 0 && inside && !undecided) quoted.push(offset / BLOCK_BYTES)
      }
    },
    end(): RecordIndex {
      if (recordStart < offset) endRecord(offset, offset)
      for (; nextBlock < offset; nextBlock += BLOCK_BYTES) {
        starts.push(offset)
        rowsBefore.push(rows)
      }
      return { bytes: offset, rows, dataStart: awaitingHeader ? offset : dataStart, starts, rowsBefore, quoted, long }
    },
  }
}

/** The dialect a record is read in. */
export interface Dialect {
  /** One ASCII character. */
  readonly delimiter: string
  readonly lineEnd: LineEnd
}

const text = new TextDecoder()

interface ReadRecord {
  /** Contents without quotes, spaces and tabs around them. */
  readonly cells: readonly string[]
  /** Where it ends, and where the next record starts. */
  readonly end: number
  readonly next: number
  /** False where the bytes end first: there may be more of it. */
  readonly ended: boolean
  readonly blank: boolean
}

/** Reads one record by the rules of README.md. For headers and previews; kernels have their own way of reading the same. */
export function readRecord(bytes: Uint8Array, start: number, dialect: Dialect): ReadRecord {
  const cells: string[] = []
  let cell = ''
  const [end, next] = recordEnd(bytes, start, dialect, (part, last) => {
    cell += text.decode(part)
    if (!last) return
    cells.push(cell.replace(/^[ \t]+|[ \t]+$/g, ''))
    cell = ''
  })
  return { cells, end, next, ended: next > end, blank: end === start }
}

/** What stands in a cell, without its quotes, part by part. */
type Part = (bytes: Uint8Array, last: boolean) => void

/** Where the record at `start` ends and the next one starts; twice the bytes' end where it does not end. */
export function recordEnd(
  bytes: Uint8Array,
  start: number,
  { delimiter, lineEnd }: Dialect,
  part?: Part,
): [end: number, next: number] {
  const separator = delimiter.charCodeAt(0)
  for (let at = start; ; at++) {
    if (bytes[at] === QUOTE) at = quotedEnd(bytes, at, part)
    const from = at
    while (at < bytes.length && bytes[at] !== separator && endLength(bytes, at, lineEnd) === 0) at++
    part?.(bytes.subarray(from, at), true)
    if (at >= bytes.length) return [bytes.length, bytes.length]
    const ending = endLength(bytes, at, lineEnd)
    if (ending > 0) return [at, at + ending]
  }
}

/** Behind the quote that closes the one at `open`. */
function quotedEnd(bytes: Uint8Array, open: number, part?: Part): number {
  for (let at = open + 1; ; ) {
    const close = bytes.indexOf(QUOTE, at)
    const until = close < 0 ? bytes.length : close
    const doubled = bytes[until + 1] === QUOTE
    part?.(bytes.subarray(at, doubled ? until + 1 : until), false)
    if (!doubled) return close < 0 ? until : until + 1
    at = until + 2
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
