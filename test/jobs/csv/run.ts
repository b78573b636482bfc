import { type Slice, slicesOf } from '../../../jobs/csv/cut.ts'
import { type CsvIndex, HEAD_BYTES, startIndex } from '../../../jobs/csv/file-index.ts'
import { csv } from '../../../jobs/csv/index.ts'
import type * as csvKernel from '../../../jobs/csv/kernel.ts'
import type { CsvParams } from '../../../jobs/csv/params.ts'
import { encodeSlices } from '../../../jobs/csv/result.ts'
import { loadKernel } from '../kernel.ts'

// The whole way of a job without a pool: index, complete, cut, compute, merge.

export const { kernel, prepareWith } = await loadKernel<typeof csvKernel>('csv')

/** Indexes bytes that arrive in chunks of the given size. */
export function indexed(bytes: Uint8Array, request: Partial<CsvParams> = {}, chunk = 65_536): CsvIndex {
  const pass = startIndex(request, bytes.subarray(0, HEAD_BYTES))
  for (let at = 0; at < bytes.length; at += chunk) pass.push(bytes.subarray(at, at + chunk))
  return pass.end()
}

export function completed(request: Record<string, unknown>, index: CsvIndex): CsvParams {
  const params = csv.schema.parse({ file: 'f', ...request })
  const answer = csv.input!.complete!(params, index)
  if (answer.type === 'refused')
    throw new Error(answer.issues.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return answer.params
}

/** Runs every task and merges the outputs into the parsed result. */
export async function resultOf(
  bytes: Uint8Array,
  params: CsvParams,
  index: CsvIndex,
  slices: readonly Slice[] = slicesOf(params, index),
): Promise<Record<string, any>> {
  return JSON.parse(await textOf(bytes, params, index, slices))
}

export async function textOf(
  bytes: Uint8Array,
  params: CsvParams,
  index: CsvIndex,
  slices: readonly Slice[] = slicesOf(params, index),
): Promise<string> {
  const prepared = await kernel.prepare(params)
  const slice = (task: number) => bytes.subarray(slices[task]!.start, slices[task]!.end)
  async function* outputs() {
    for (let task = 0; task < slices.length; task++) yield kernel.run(prepared, task, () => undefined, slice(task))
  }
  const tools = {
    deflate: () => {
      throw new Error('No picture here.')
    },
    recompute: async (task: number) => kernel.whole!(prepared, task, () => undefined, slice(task)),
  }
  const parts: Uint8Array[] = []
  for await (const part of encodeSlices(params, outputs(), tools, index, slices)) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
