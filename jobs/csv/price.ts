import { MalformedOutput } from '../define.ts'
import { decodeState, isTooLarge } from './codec.ts'
import { slicesOf } from './cut.ts'
import type { CsvIndex } from './file-index.ts'
import { type CsvParams, layoutOf } from './params.ts'

const MIB = 1 << 20
/** All statistics cost about four times as much as the extremes. */
const CREDIT_PER_MIB = { extremes: 1, all: 4 } as const

/** Credit by the bytes read, once the output is one that a reader of this slice could have sent. */
export function price(params: CsvParams, task: number, output: Uint8Array, index: CsvIndex): number {
  const slice = slicesOf(params, index)[task]
  if (!slice) throw new MalformedOutput(`The job has no task ${task}.`)
  if (!isTooLarge(output)) check(params, output, slice.rows)
  return Math.max(1, Math.ceil((slice.end - slice.start) / MIB)) * CREDIT_PER_MIB[params.statistics]
}

function check(params: CsvParams, output: Uint8Array, rows: number): void {
  const state = decodeState(output)
  const { numeric } = layoutOf(params)
  if (state.rows !== rows) throw new MalformedOutput(`The output counts ${state.rows} rows; there are ${rows}.`)
  if (state.columns.length !== numeric.length)
    throw new MalformedOutput(`The output has ${state.columns.length} columns; ${numeric.length} were asked for.`)
  for (const [slot, { count, empty, invalid }] of state.columns.entries())
    if (count + empty + invalid !== rows)
      throw new MalformedOutput(`The cells of column "${numeric[slot]?.name}" do not add up to its rows.`)
}
