import { type Format, type Kind, MalformedOutput } from '../define.ts'
import { complete } from './complete.ts'
import { type CsvIndex, HEAD_BYTES, indexKey, rowOf, slicesOf, startIndex } from './file-index.ts'
import { checkState, decodeState, encodeState, isTooLarge } from './output.ts'
import { type CsvParams, schema } from './params.ts'
import { preview } from './preview.ts'
import { encodeColumns, encodeGroups, encodeResult } from './result.ts'

const MIB = 1 << 20
/** All statistics cost about four times as much as the extremes. */
const CREDIT_PER_MIB = { extremes: 1, all: 4 } as const
/** Nothing shows that somebody read the slice whose state did not fit; the coordinator reads it itself. */
const TOO_LARGE_CREDIT = 1

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
  const which = names ? (names.length > 3 ? `${names.length} columns` : names.join(', ')) : 'every column'
  const whole = `${what} of ${which}`
  return whole.length > 80 ? `${whole.slice(0, 79)}…` : whole
}

/** Credit by the bytes read, once the output is one that a reader of this slice could have sent. */
function credit(params: CsvParams, task: number, output: Uint8Array, index: CsvIndex): number {
  const slice = slicesOf(params, index)[task]
  if (!slice) throw new MalformedOutput(`The job has no task ${task}.`)
  if (isTooLarge(output)) return TOO_LARGE_CREDIT
  const state = decodeState(output)
  checkState(params, state, slice, index)
  if (!isSame(encodeState(state), output))
    throw new MalformedOutput('The output is not written as the kernel writes it.')
  return Math.max(1, Math.ceil((slice.end - slice.start) / MIB)) * CREDIT_PER_MIB[params.statistics]
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
