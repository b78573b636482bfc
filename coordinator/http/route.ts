import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type * as z from 'zod/mini'
import { MAX_JSON_BYTES } from '../../protocol/limits.ts'
import type { Download } from '../api/downloads.ts'
import { ApiProblem, type Fault, faults } from '../problem.ts'

// One table of routes: it dispatches requests, and /api/v1/openapi.json is read from it, so neither can drift.

/** A HEAD is answered as its GET would be, where a route does not speak of it. */
export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Changes nothing. */
export const reads = (method: Method): boolean => method === 'GET' || method === 'HEAD'

/**
 * Who may call. `open`: everybody. `public`: everybody who may enter; where the pool asks for a key, its bearers.
 * `admin`: bearers of the admin key, or an admin's cookie.
 */
export type Access = 'open' | 'public' | 'admin'

export interface RouteRequest<Body, Query> {
  /** Named parts of the path. */
  readonly path: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly headers: IncomingHttpHeaders
  readonly address: string
  readonly cookie: string | null
  readonly isAdmin: boolean
  /** The body as it comes, for routes with `streams`; whoever leaves it early leaves the connection whole. */
  readonly stream: AsyncIterable<Uint8Array>
  /** Length of the body, where the request says it. */
  readonly streamBytes: number | undefined
}

/** Sends one event; `name` only where it is not the stream's usual one. Data is told as JSON. */
export type EventSender = (data: unknown, name?: string) => void

export type Answer =
  | { readonly type: 'json'; readonly status?: number; readonly body: unknown; readonly headers?: Headers }
  /** No body; 204 unless said. */
  | { readonly type: 'nothing'; readonly status?: number; readonly headers?: Headers }
  | { readonly type: 'bytes'; readonly contentType: string; readonly bytes: Uint8Array; readonly headers?: Headers }
  | { readonly type: 'download'; readonly download: Download }
  /** Server-sent events until the reader goes; `open` answers how to stop. */
  | { readonly type: 'events'; open(send: EventSender): () => void }
  /** Packed on the way where `compress` says so and the reader can unpack. */
  | {
      readonly type: 'stream'
      readonly contentType: string
      readonly sizeBytes: number
      readonly compress: boolean
      readonly body: AsyncIterable<Uint8Array>
    }
type Headers = Readonly<Record<string, string>>

export interface Route {
  readonly method: Method
  /** Under /api/v1, for example `/jobs/:id`. */
  readonly path: string
  readonly access: Access
  readonly summary: string
  readonly body?: z.ZodMiniType
  /** Faults of a wrong body beyond those of its schema: they are told together. */
  alsoWrong?(body: unknown): readonly Fault[]
  readonly query?: z.ZodMiniType
  /** The body is bytes of any length, read by the handler; what it takes. */
  readonly streams?: string
  /** What each status means here, errors that any call may have left out. */
  readonly answers: Readonly<Record<number, string>>
  handle(request: RouteRequest<never, never>): Promise<Answer>
}

/** Infers the handler's body and query from the schemas. */
export function route<B extends z.ZodMiniType | undefined = undefined, Q extends z.ZodMiniType | undefined = undefined>(
  definition: Omit<Route, 'body' | 'query' | 'handle'> & {
    body?: B
    query?: Q
    handle(request: RouteRequest<Parsed<B>, Parsed<Q>>): Promise<Answer>
  },
): Route {
  return definition as unknown as Route
}
type Parsed<S> = S extends z.ZodMiniType<infer T> ? T : undefined

export function json(body: unknown, status = 200): Answer {
  return { type: 'json', status, body }
}
export const nothing: Answer = { type: 'nothing' }

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
