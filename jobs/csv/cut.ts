import type { CsvIndex } from './file-index.ts'
import type { CsvParams } from './params.ts'

const MIB = 1 << 20

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
const LARGEST = { extremes: 16 * MIB, all: 4 * MIB, wide: MIB } as const
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
  return Math.min(Math.max(Math.ceil(bytes / PIECES), MIB), LARGEST[wide ? 'wide' : statistics])
}

/** Cuts at record starts the index knows, about every `target` bytes. Records over the limit lie between slices. */
export function cut(index: CsvIndex, target: number): readonly Slice[] {
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
      if (index.starts[block]! >= start + target - MIB / 2) to(index.starts[block]!, index.rowsBefore[block]!)
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
