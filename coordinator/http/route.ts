import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod/mini'
import { MAX_JSON_BYTES } from '../../protocol/limits.ts'
import { addressOf } from '../callers.ts'
import type { Log } from '../log.ts'
import { ApiProblem, type Fault, faults } from '../problem.ts'
import { type Answer, HttpProblem, problem, problemOf, send, sendProblem } from './send.ts'

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

interface RouteRequest<Body, Query> {
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
  address: `${Method} /${string}`,
  access: Access,
  summary: string,
  rest: Pick<Route, 'alsoWrong' | 'streams' | 'answers'> & {
    body?: B
    query?: Q
    handle(request: RouteRequest<Parsed<B>, Parsed<Q>>): Promise<Answer>
  },
): Route {
  const [method, path] = address.split(' ')
  return { method, path, access, summary, ...rest } as unknown as Route
}
type Parsed<S> = S extends z.ZodMiniType<infer T> ? T : undefined

export function json(body: unknown, status = 200): Answer {
  return { type: 'json', status, body }
}
export const nothing: Answer = { type: 'nothing' }

// What may stand behind the question mark of lists.

const LIMIT = 'limit must be a whole number from 1 to 500.'
const DEFAULT_LIMIT = 50

/** A whole number in a query. @param sentence told of everything that the pattern does not take */
export function wholeNumber(pattern: RegExp, sentence: string) {
  return z.pipe(z.pipe(z.string().check(z.regex(pattern, sentence)), z.transform(Number)), z.number())
}

export const page = {
  limit: z._default(z.optional(wholeNumber(/^([1-9]\d?|[1-4]\d\d|500)$/, LIMIT)), DEFAULT_LIMIT),
  cursor: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
}
export const pageQuery = z.object(page)

/** Only what was given: exact optional types know no undefined. */
export function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never
}

/** Bodies of files take as long as they take; these are small. */
const WITHIN_MS = 60_000

/** The JSON body of a request, whatever type it says it has. */
async function readJson(request: IncomingMessage): Promise<unknown> {
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
function parse<T>(
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

const PREFIX = '/api/v1'
/** Ids and names that can stand in a path; everything else is unknown without asking. */
const PART = /^[\w-]{1,64}$/

interface Node {
  readonly pattern: readonly string[]
  readonly routes: Map<string, Route>
}

/** Serves /api/**: the routes of the table, and a problem for everything else. */
export function createRouter(parts: {
  routes: readonly Route[]
  /** True for an admin; throws the refusal. */
  check(request: IncomingMessage, access: Access, method: Method, address: string): boolean
  log: Log
  behindProxy: boolean
}) {
  const { log } = parts
  const streams = new Set<ServerResponse>()
  let closed = false
  const nodes: Node[] = []
  for (const route of parts.routes) {
    const pattern = route.path.split('/')
    let node = nodes.find((one) => one.pattern.join('/') === route.path)
    if (!node) {
      node = { pattern, routes: new Map() }
      nodes.push(node)
    }
    node.routes.set(route.method, route)
  }

  function find(path: string): { node: Node; named: Record<string, string> } | null {
    const given = path.split('/')
    for (const node of nodes) {
      if (node.pattern.length !== given.length) continue
      const named: Record<string, string> = {}
      const fits = node.pattern.every((part, i) => {
        const text = given[i]!
        if (!part.startsWith(':')) return part === text
        named[part.slice(1)] = text
        return PART.test(text)
      })
      if (fits) return { node, named }
    }
    return null
  }

  async function call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', search = ''] = (request.url ?? '').split('?', 2)
    const found = path.startsWith(`${PREFIX}/`) ? find(path.slice(PREFIX.length)) : null
    if (!found)
      throw new HttpProblem(404, 'There is nothing at this address. /api/v1/openapi.json lists what there is.')
    const asked = request.method as Method
    const method = asked === 'HEAD' && !found.node.routes.has(asked) ? 'GET' : asked
    const route = found.node.routes.get(method)
    if (!route) {
      const names = [...found.node.routes.keys()]
      const allow = [...new Set(names.includes('GET') ? ['HEAD', ...names] : names)].join(', ')
      throw new HttpProblem(405, `This address takes ${allow}.`, { allow })
    }
    const address = addressOf(request, parts.behindProxy)
    const isAdmin = parts.check(request, route.access, method, address)
    const query = route.query && parse(route.query, Object.fromEntries(new URLSearchParams(search)), 'query')
    const body = route.body && parse(route.body, await readJson(request), 'body', route.alsoWrong)
    const cookie = request.headers.cookie ?? null
    const answer = await route.handle({
      path: found.named,
      query: query as never,
      body: body as never,
      address,
      cookie,
      isAdmin,
      headers: request.headers,
      ...streamOf(request),
    })
    if (!reads(method) && route.access === 'admin') log.info({ method, path, address }, 'admin')
    if (answer.type === 'events') {
      if (closed) return void response.destroy()
      streams.add(response)
      response.once('close', () => streams.delete(response))
    }
    await send(request, response, answer)
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await call(request, response)
    } catch (error) {
      const known = problemOf(error)
      // An answer that breaks off says no reason: the log has it.
      if (!known || response.headersSent)
        log.error({ err: error, path: request.url?.split('?')[0] }, 'a request failed')
      if (response.headersSent) return void response.destroy()
      // What is left of the body is not read: the connection ends with the answer.
      const close: Record<string, string> = request.readableEnded ? {} : { connection: 'close' }
      const told = known?.problem ?? problem(500, 'Something went wrong here; the log of the pool says what.')
      sendProblem(response, told, { ...close, ...known?.headers }, request.method !== 'HEAD')
    }
  }

  return {
    handle,
    /** Ends event streams, which would never end by themselves; a server with one open does not close. */
    endStreams(): void {
      closed = true
      for (const response of streams) response.destroy()
    },
  }
}

function streamOf(request: IncomingMessage) {
  const length = request.headers['content-length']
  return {
    stream: { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) },
    streamBytes: length === undefined ? undefined : Number(length),
  }
}
