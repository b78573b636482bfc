import type { RowPlace, RowText } from '../define.ts'
import { recordEnd } from './cells.ts'
import type { CsvIndex } from './file-index.ts'
import type { CsvParams } from './params.ts'
import { BLOCK_BYTES, MOST_RECORD_BYTES } from './records.ts'

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
