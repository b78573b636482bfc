import type { RowPlace, RowText } from '../define.ts'
import { type Detected, detect } from './detect.ts'
import type { CsvParams } from './params.ts'
import {
  BLOCK_BYTES,
  createRecordScanner,
  type LineEnd,
  MOST_RECORD_BYTES,
  namesOf,
  type RecordIndex,
  readRecord,
  recordEnd,
} from './records.ts'

/** What the pool keeps of a CSV file in one dialect: where its records are, and what was detected in its beginning. */
export interface CsvIndex extends RecordIndex {
  readonly delimiter: string
  readonly header: boolean
  readonly lineEnd: LineEnd
  /** One per column of the file. Empty where there is no record, or where the first one is over the limit. */
  readonly names: readonly string[]
  readonly detected: Pick<Detected, 'decimal' | 'timeColumn' | 'timeFormat'>
}

type Chosen = Pick<CsvParams, 'delimiter' | 'header'>

/** Params that read the same records share an index. */
export function indexKey({ delimiter, header }: Chosen): string {
  return `csv ${delimiter === undefined ? 'auto' : delimiter.charCodeAt(0)} ${header ?? 'auto'}`
}

/** Enough to see the whole of any first record that is not over the limit, and its end. */
export const HEAD_BYTES = MOST_RECORD_BYTES + 64 * 1024

/** One pass over a file; `head` is its first HEAD_BYTES, or all of a shorter one. */
export function startIndex(chosen: Chosen, head: Uint8Array) {
  const complete = head.length < HEAD_BYTES
  // Of everything chosen only what the key of an index holds: params that share it find the same in it.
  const detected = detect(head, complete, { delimiter: chosen.delimiter, header: chosen.header })
  const { delimiter, header } = detected

  // A lone CR ends records only where the file has no LF, which is known at the end: until the first LF both are read.
  const open = new Map<LineEnd, { names: readonly string[]; scanner: ReturnType<typeof createRecordScanner> }>()
  for (const lineEnd of ['lf', 'cr'] as const) {
    const names = namesIn(head, complete, delimiter, header, lineEnd)
    const scanner = createRecordScanner({ delimiter, lineEnd, header, columns: names.length })
    open.set(lineEnd, { names, scanner })
  }

  return {
    push(bytes: Uint8Array): void {
      if (open.size > 1 && bytes.includes(10)) open.delete('cr')
      for (const { scanner } of open.values()) scanner.push(bytes)
    },
    end(): CsvIndex {
      const lineEnd = open.has('cr') ? 'cr' : 'lf'
      const { names, scanner } = open.get(lineEnd)!
      const { decimal, timeColumn, timeFormat } = detected
      return { ...scanner.end(), delimiter, header, lineEnd, names, detected: { decimal, timeColumn, timeFormat } }
    },
  }
}

function namesIn(head: Uint8Array, complete: boolean, delimiter: string, header: boolean, lineEnd: LineEnd): string[] {
  for (let at = 0; at < head.length; ) {
    const record = readRecord(head, at, { delimiter, lineEnd })
    if (!record.ended && !complete) return []
    if (!record.blank) return record.next - at > MOST_RECORD_BYTES + 2 ? [] : namesOf(record.cells, header)
    at = record.next
  }
  return []
}

/** A run of whole records that one task reads. */
export interface Slice {
  readonly start: number
  readonly end: number
  /** Row of the file its first record is. */
  readonly row: number
  readonly rows: number
}

// Many tasks, so that a room can share them; few, so that outputs stay small beside the input. `all` sends more state per
// task than `extremes`, and the more of it the more columns it has: an output that does not fit is work done twice.
const PIECES = 64
const LARGEST = { extremes: 16 * BLOCK_BYTES, all: 4 * BLOCK_BYTES, wide: BLOCK_BYTES } as const
const WIDE_COLUMNS = 8

const known = new WeakMap<CsvIndex, Map<number, readonly Slice[]>>()

export function slicesOf(params: CsvParams, index: CsvIndex): readonly Slice[] {
  const target = targetBytes(params, index)
  const cuts = known.get(index) ?? new Map<number, readonly Slice[]>()
  known.set(index, cuts)
  const slices = cuts.get(target) ?? cut(index, target)
  cuts.set(target, slices)
  return slices
}

function targetBytes({ statistics, groupBy, layout }: CsvParams, { bytes }: CsvIndex): number {
  const wide = statistics === 'all' && (groupBy !== undefined || (layout?.numeric.length ?? 0) > WIDE_COLUMNS)
  return Math.min(Math.max(Math.ceil(bytes / PIECES), BLOCK_BYTES), LARGEST[wide ? 'wide' : statistics])
}

/** Cuts at record starts the index knows, about every `target` bytes. Records over the limit lie between slices. */
function cut(index: CsvIndex, target: number): readonly Slice[] {
  const slices: Slice[] = []
  let start = index.dataStart
  let row = 0
  let block = 0
  function to(end: number, endRow: number): void {
    if (end > start) slices.push({ start, end, row, rows: endRow - row })
    start = end
    row = endRow
  }
  function through(end: number, endRow: number): void {
    for (; block < index.starts.length && index.starts[block]! < end; block++)
      // Nearest to the target: starts lie somewhere behind whole MiB.
      if (index.starts[block]! >= start + target - BLOCK_BYTES / 2) to(index.starts[block]!, index.rowsBefore[block]!)
    to(end, endRow)
  }
  for (const [longStart, longEnd, longRow] of index.long) {
    through(longStart, longRow)
    start = longEnd
    row = longRow + 1
  }
  through(index.bytes, index.rows)
  return slices.length > 0 ? slices : [{ start, end: start, row, rows: 0 }]
}

/** Shown of a row at most: a line as people look at it, not a dump. */
export const MOST_SHOWN_BYTES = 2000
/** Of these, before the place that is to be seen. */
const BEFORE = 500

type Read = (start: number, end: number) => Promise<Uint8Array>

/** A row of the file as it stands there. Reads two MiB at most: the index says in which one the row starts. */
export async function rowOf(_params: CsvParams, place: RowPlace, index: CsvIndex, read: Read): Promise<RowText | null> {
  const found = await find(place.row, index, read)
  if (!found) return null
  const { start, end } = found
  const { byte } = place
  const looked = byte === undefined || byte < start || byte >= end ? start : byte
  const from = end - start <= MOST_SHOWN_BYTES ? start : Math.max(start, looked - BEFORE)
  const until = Math.min(end, from + MOST_SHOWN_BYTES)
  const bytes = await read(from, until)
  const first = from === start ? 0 : afterTorn(bytes)
  // A letter torn at the end is waited for, and so left out.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(first), { stream: true })
  return { row: place.row, start, from: from + first, text, more: until < end }
}

async function find(row: number, index: CsvIndex, read: Read): Promise<{ start: number; end: number } | null> {
  if (row >= index.rows) return null
  const { delimiter, lineEnd, names, long, starts, rowsBefore, dataStart, bytes: size } = index
  const over = long.find(([, , at]) => at === row)
  if (over) return { start: over[0], end: over[1] }
  const block = rowsBefore.findLastIndex((before) => before <= row)
  const from = Math.max(dataStart, starts[block] ?? 0)
  const bytes = await read(from, Math.min(size, (block + 1) * BLOCK_BYTES + MOST_RECORD_BYTES + 2))
  for (let at = 0, now = rowsBefore[block] ?? 0; at < bytes.length; ) {
    const [end, next] = recordEnd(bytes, at, { delimiter, lineEnd })
    const blank = end === at && names.length !== 1
    if (!blank && now++ === row) return { start: from + at, end: from + end }
    at = next
  }
  return null
}

/** Bytes at the beginning that belong to a letter before it. */
function afterTorn(bytes: Uint8Array): number {
  let at = 0
  while (at < 3 && at < bytes.length && (bytes[at]! & 0xc0) === 0x80) at++
  return at
}
