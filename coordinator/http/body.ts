import type { IncomingMessage } from 'node:http'
import type * as z from 'zod/mini'
import { MAX_JSON_BYTES } from '../../protocol/limits.ts'
import { type Fault, faults } from '../api/faults.ts'
import { ApiProblem } from '../api/problem.ts'

/** Bodies of files take as long as they take; these are small. */
const WITHIN_MS = 60_000

/** The JSON body of a request, whatever type it says it has. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const tooLarge = () => new ApiProblem(413, `A JSON body has at most ${MAX_JSON_BYTES} bytes.`)
  if (Number(request.headers['content-length'] ?? 0) > MAX_JSON_BYTES) throw tooLarge()
  const chunks: Buffer[] = []
  let length = 0
  const late = setTimeout(() => request.destroy(), WITHIN_MS)
  try {
    for await (const chunk of request) {
      length += chunk.length
      if (length > MAX_JSON_BYTES) throw tooLarge()
      chunks.push(chunk)
    }
  } finally {
    clearTimeout(late)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiProblem(400, text.trim() === '' ? 'The body is empty; it must be JSON.' : 'The body is not JSON.')
  }
}

/** A body as it comes, up to so many bytes. @param told its length as the request says it */
export async function* bounded(
  body: AsyncIterable<Uint8Array>,
  told: number | undefined,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const tooLarge = () => new ApiProblem(413, `A body sent to this address has at most ${maxBytes / (1 << 20)} MB.`)
  if ((told ?? 0) > maxBytes) throw tooLarge()
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > maxBytes) throw tooLarge()
    yield chunk
  }
}

/** What is read of a body that is refused: its sender hears why only when it has said what it has to say. */
const MOST_DRAINED_BYTES = 64 << 20

export async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0
  try {
    for await (const chunk of stream) {
      bytes += chunk.length
      if (bytes > MOST_DRAINED_BYTES) return
    }
  } catch {
    // The sender went away: nobody is left to answer.
  }
}

/** Every fault of a body or a query, each at its field. @param alsoWrong says what the schema does not know */
export function parse<T>(
  schema: z.ZodMiniType<T>,
  input: unknown,
  what: string,
  alsoWrong: (input: unknown) => readonly Fault[] = () => [],
): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const errors = [...parsed.error.issues.flatMap((issue) => faults(issue.path, issue)), ...alsoWrong(input)]
  throw new ApiProblem(422, errors[0]?.message ?? `The ${what} is wrong.`, errors)
}
