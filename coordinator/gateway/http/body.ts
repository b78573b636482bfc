import type { IncomingMessage } from 'node:http'
import type * as z from 'zod/mini'
import { MAX_JSON_BYTES } from '../../../protocol/limits.ts'
import { faults } from '../../api/jobs.ts'
import { ApiProblem } from '../../api/port.ts'

/** The JSON body of a request, whatever type it says it has. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const tooLarge = () => new ApiProblem(413, `A JSON body has at most ${MAX_JSON_BYTES} bytes.`)
  if (Number(request.headers['content-length'] ?? 0) > MAX_JSON_BYTES) throw tooLarge()
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > MAX_JSON_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiProblem(400, text.trim() === '' ? 'The body is empty; it must be JSON.' : 'The body is not JSON.')
  }
}

/** A body of any type, as it comes, up to so many bytes. */
export async function* readUpload(request: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  const most = `${Math.floor(maxBytes / (1024 * 1024))} MB`
  const tooLarge = () => new ApiProblem(413, `A body sent to this address has at most ${most}.`)
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > maxBytes) throw tooLarge()
    yield chunk
  }
}

/** Every fault of a body or a query, each at its field. */
export function parse<T>(schema: z.ZodMiniType<T>, input: unknown, what: string): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.flatMap((issue) => faults(issue.path, issue))
  throw new ApiProblem(422, errors[0]?.message ?? `The ${what} is wrong.`, errors)
}
