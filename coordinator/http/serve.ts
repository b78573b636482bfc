import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Log } from '../log.ts'
import type { AccessCheck } from './access.ts'
import { plainPath } from './plain-path.ts'
import { type Method, parse, type Route, readJson, reads } from './route.ts'
import { HttpProblem, problem, problemOf, send, sendProblem } from './send.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<unknown>

export interface Served {
  readonly api: Handler
  /** False: not a file of this build. */
  readonly files: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
  /** Null: this coordinator has no pages. */
  readonly pages: Handler | null
  readonly metrics: () => string
  /** Why no result can be kept, when that may never end by itself; null otherwise. */
  standsStill(): string | null
  mayEnter(cookieHeader: string | null): boolean
}

/**
 * What someone without the pool's key may open, letter by letter: pages where a key is given or that ask for the admin
 * themselves, and what those pages load. Paths are in their plain form here.
 */
const OPEN: ReadonlySet<string> = new Set([
  ...['/join', '/screen', '/admin', '/admin/devices', '/admin/files', '/admin/new'],
  ...['/icon.svg', '/apple-icon.png', '/manifest.webmanifest'],
  ...['/art/caustics.webp', '/art/icon-192.png', '/art/icon-512.png'],
])
/** Scripts, styles and fonts of the build, named by their hash. */
const OPEN_BUILD = '/_next/static/'

const isOpen = (path: string): boolean => OPEN.has(path) || path.startsWith(OPEN_BUILD)

const NOT_PLAIN =
  'The path of this address is not in its plain form. Leave out “.” and “..”, “//”, backslashes, and dots, slashes or backslashes written with %.'

/** Everything that comes over HTTP, in front of the pages; what is not ready yet says so. */
export function createServe(parts: { log: Log; dev: boolean; ready(): Served | null }): RequestListener {
  const { log, dev } = parts

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    secure(response)
    const served = parts.ready()
    const path = plainPath(request.url ?? '')
    if (path === null) return sendProblem(response, problem(400, NOT_PLAIN), {}, request.method !== 'HEAD')
    if ((path === '/healthz' || path === '/metrics') && request.method !== 'GET' && request.method !== 'HEAD')
      return sendProblem(response, problem(405, 'This address can only be read.'), { allow: 'GET, HEAD' })
    if (path === '/healthz') {
      const ill = served ? served.standsStill() : 'starting'
      return text(response, ill === null ? 200 : 503, `${ill ?? 'ok'}\n`)
    }
    if (!served) return sendProblem(response, problem(503, 'The pool is starting.'), { 'retry-after': '1' })
    if (path === '/metrics') return text(response, 200, served.metrics(), 'text/plain; version=0.0.4; charset=utf-8')
    if (path === '/api' || path.startsWith('/api/')) {
      response.setHeader('content-security-policy', API_POLICY)
      await served.api(request, response)
      return
    }
    if (await served.files(request, response)) return
    if (!served.pages) return sendProblem(response, problem(404, 'This coordinator runs without pages.'))
    if (!served.mayEnter(request.headers.cookie ?? null) && !isOpen(path)) {
      response.writeHead(307, { location: '/join', 'cache-control': 'no-store' })
      response.end()
      return
    }
    const policy = pagePolicy(randomBytes(16).toString('base64'), dev)
    // Next reads the nonce for its own scripts from the request.
    request.headers['content-security-policy'] = policy
    response.setHeader('content-security-policy', policy)
    await served.pages(request, response)
  }

  return (request, response) => {
    serve(request, response).catch((error) => {
      log.error({ err: error, path: request.url?.split('?')[0] }, 'a request failed')
      if (response.headersSent) response.destroy()
      else sendProblem(response, problem(500, 'Something went wrong here; the log of the pool says what.'))
    })
  }
}

function text(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(body)
}

/** What every answer carries. */
export function secure(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('referrer-policy', 'same-origin')
  response.setHeader('x-frame-options', 'DENY')
}

/** Answers of the API run nothing, whatever they hold. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

/**
 * Pages load everything from this pool and talk to it alone. Next puts the nonce on its own inline scripts; kernels need
 * WebAssembly; React writes style attributes.
 */
export function pagePolicy(nonce: string, dev: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self' ws: wss:",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
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
  access: AccessCheck
  log: Log
  addressOf(request: IncomingMessage): string
}) {
  const { access, log } = parts
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
    const address = parts.addressOf(request)
    const isAdmin = access.check(request, route.access, method, address)
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
      if (!known) log.error({ err: error, path: request.url?.split('?')[0] }, 'a request failed')
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
