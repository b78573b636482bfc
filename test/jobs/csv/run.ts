import type { CsvIndex } from '../../../jobs/csv/file-index.ts'
import { type Slice, slicesOf } from '../../../jobs/csv/file-index.ts'
import { csv } from '../../../jobs/csv/index.ts'
import type * as csvKernel from '../../../jobs/csv/kernel.ts'
import { checkState, decodeState, isTooLarge } from '../../../jobs/csv/output.ts'
import type { CsvParams } from '../../../jobs/csv/params.ts'
import { encodeResult } from '../../../jobs/csv/result.ts'
import { loadKernel } from '../kernel.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a test reads of a result is what it asserts
export type Result = Record<string, any>

// The whole way of a job without a pool: index, complete, cut, compute, merge.

export const { kernel, prepareWith } = await loadKernel<typeof csvKernel>('csv')

/** Runs every task and merges the outputs into the parsed result. */
export async function resultOf(
  bytes: Uint8Array,
  params: CsvParams,
  index: CsvIndex,
  slices: readonly Slice[] = slicesOf(params, index),
): Promise<Result> {
  return JSON.parse(await textOf(bytes, params, index, slices))
}

export async function textOf(
  bytes: Uint8Array,
  params: CsvParams,
  index: CsvIndex,
  slices: readonly Slice[] = slicesOf(params, index),
): Promise<string> {
  const { outputs, tools } = await computed(bytes, params, index, slices)
  return gathered(encodeResult(params, outputs(), tools, index, slices))
}

/** A result in another of its forms. */
export async function formOf(
  form: 'csv' | 'groups',
  bytes: Uint8Array,
  params: CsvParams,
  index: CsvIndex,
): Promise<string> {
  const { outputs, tools } = await computed(bytes, params, index, slicesOf(params, index))
  return gathered(csv.formats[form]!.encode(params, outputs(), tools, index))
}

async function computed(bytes: Uint8Array, params: CsvParams, index: CsvIndex, slices: readonly Slice[]) {
  const prepared = await kernel.prepare(params)
  const slice = (task: number) => bytes.subarray(slices[task]!.start, slices[task]!.end)
  async function* outputs() {
    for (let task = 0; task < slices.length; task++) {
      const output = kernel.run(prepared, task, () => undefined, slice(task))
      // What is honest is never refused, whatever the file.
      if (!isTooLarge(output)) checkState(params, decodeState(output), slices[task]!, index)
      yield output
    }
  }
  const tools = {
    deflate: () => {
      throw new Error('No picture here.')
    },
    recompute: async (task: number) => kernel.whole!(prepared, task, () => undefined, slice(task)),
  }
  return { outputs, tools }
}

async function gathered(encoded: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of encoded) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
