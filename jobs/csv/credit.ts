import { MalformedOutput } from '../define.ts'
import { checkState } from './check.ts'
import { decodeState, encodeState, isTooLarge } from './codec.ts'
import { slicesOf } from './cut.ts'
import type { CsvIndex } from './file-index.ts'
import type { CsvParams } from './params.ts'

const MIB = 1 << 20
/** All statistics cost about four times as much as the extremes. */
const CREDIT_PER_MIB = { extremes: 1, all: 4 } as const
/** Nothing shows that somebody read the slice whose state did not fit; the coordinator reads it itself. */
const TOO_LARGE_CREDIT = 1

/** Credit by the bytes read, once the output is one that a reader of this slice could have sent. */
export function credit(params: CsvParams, task: number, output: Uint8Array, index: CsvIndex): number {
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
