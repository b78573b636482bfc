import type { EncodeTools } from '../define.ts'
import { decodeState, isTooLarge } from './codec.ts'
import type { Slice } from './cut.ts'
import type { CsvIndex } from './file-index.ts'
import { addLong, addTask, createTotal, type Total } from './merge.ts'
import { type CsvParams, layoutOf } from './params.ts'

/** Adds up the outputs of all tasks, in their order. */
export async function totalFrom(
  params: CsvParams,
  outputs: AsyncIterable<Uint8Array>,
  tools: EncodeTools,
  index: CsvIndex,
  slices: readonly Slice[],
): Promise<Total> {
  const total = createTotal(layoutOf(params), params.statistics === 'all')
  let task = 0
  let long = 0
  for await (const output of outputs) {
    const slice = slices[task]
    if (!slice) throw new Error(`There are more outputs than the ${slices.length} tasks of this job.`)
    long = addLong(total, index, long, slice.start)
    const state = isTooLarge(output) ? await recomputed(tools, task) : output
    addTask(total, decodeState(state), slice)
    task++
  }
  if (task < slices.length) throw new Error(`Only ${task} outputs of ${slices.length} tasks are there.`)
  addLong(total, index, long, Number.POSITIVE_INFINITY)
  return total
}

function recomputed(tools: EncodeTools, task: number): Promise<Uint8Array> {
  if (!tools.recompute)
    throw new Error(`Task ${task} must be computed again beside its file, which cannot be done here.`)
  return tools.recompute(task)
}
