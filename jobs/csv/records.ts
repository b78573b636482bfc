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
