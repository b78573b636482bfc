import { type CsvIndex, HEAD_BYTES, startIndex } from '../../../jobs/csv/file-index.ts'
import { csv } from '../../../jobs/csv/index.ts'
import type { CsvParams } from '../../../jobs/csv/params.ts'

/** Indexes bytes that arrive in chunks of the given size. */
export function indexed(bytes: Uint8Array, request: Partial<CsvParams> = {}, chunk = 65_536): CsvIndex {
  const pass = startIndex(request, bytes.subarray(0, HEAD_BYTES))
  for (let at = 0; at < bytes.length; at += chunk) pass.push(bytes.subarray(at, at + chunk))
  return pass.end()
}

/** What a submitted job's params become. */
export function completed(request: Record<string, unknown>, index: CsvIndex): CsvParams {
  const params = csv.schema.parse({ file: 'f', ...request })
  const answer = csv.input!.complete!(params, index)
  if (answer.type === 'refused')
    throw new Error(answer.issues.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return answer.params
}
