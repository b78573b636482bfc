import type { Format, Kind } from '../define.ts'
import { complete } from './complete.ts'
import { credit } from './credit.ts'
import { slicesOf } from './cut.ts'
import { type CsvIndex, HEAD_BYTES, indexKey, startIndex } from './file-index.ts'
import { type CsvParams, schema } from './params.ts'
import { preview } from './preview.ts'
import { encodeResult } from './result.ts'
import { rowOf } from './row.ts'
import { encodeColumns, encodeGroups } from './tables.ts'

const TABLE = { contentType: 'text/csv; charset=utf-8', extension: 'csv' } as const

const raw: Format<CsvParams, CsvIndex> = {
  contentType: 'application/octet-stream',
  extension: 'bin',
  label: 'Raw data',
  /** Outputs in task order, each behind its length (unsigned 32-bit, little-endian). */
  async *encode(_params, outputs) {
    for await (const output of outputs) {
      const length = new Uint8Array(4)
      new DataView(length.buffer).setUint32(0, output.length, true)
      yield length
      yield output
    }
  },
}

/** Stands for whichever file the one who asks will name. */
export const ANY_FILE = 'your-file'

export const gallery: readonly { readonly name: string; readonly params: CsvParams }[] = [
  { name: 'Every statistic of every column', params: { file: ANY_FILE, statistics: 'all' } },
  { name: 'Lowest and highest values', params: { file: ANY_FILE, statistics: 'extremes' } },
]

export const csv: Kind<CsvParams, CsvIndex> = {
  id: 'csv',
  summary: 'Exact statistics of every column of a CSV file of any size.',
  schema,
  input: {
    use: 'sliced',
    noun: 'file',
    source: ({ file }) => file,
    offer: 'Compute statistics',
    naming: (file) => ({ file }),
    slice(params, task, index) {
      const slice = slicesOf(params, index)[task]
      if (!slice) throw new Error(`The job has no task ${task}.`)
      return [slice.start, slice.end]
    },
    index: { key: indexKey, headBytes: HEAD_BYTES, start: startIndex, preview },
    complete,
    row: rowOf,
  },
  title,
  split: (params, index) => slicesOf(params, index).length,
  credit,
  formats: {
    result: { contentType: 'application/json', extension: 'json', encode: encodeResult },
    csv: { ...TABLE, label: 'Table as CSV', encode: encodeColumns },
    groups: { ...TABLE, label: 'Groups as CSV', encode: encodeGroups, given: ({ groupBy }) => groupBy !== undefined },
    raw,
  },
  gallery,
}

function title({ columns, statistics, layout }: CsvParams): string {
  const names = columns ?? layout?.numeric.map(({ name }) => name)
  const what = statistics === 'extremes' ? 'Lowest and highest' : 'Statistics'
  const of = names ? (names.length > 3 ? `${names.length} columns` : names.join(', ')) : 'every column'
  const whole = `${what} of ${of}`
  return whole.length > 80 ? `${whole.slice(0, 79)}…` : whole
}
