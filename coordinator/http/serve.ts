import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Log } from '../log.ts'
import { problem, sendProblem } from './send.ts'

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
function createListener({ log, dev }: { log: Log; dev: boolean }) {
  let served: Served | null = null

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    secure(response)
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

  const listener: RequestListener = (request, response) => {
    serve(request, response).catch((error) => {
      log.error({ err: error, path: request.url?.split('?')[0] }, 'a request failed')
      if (response.headersSent) response.destroy()
      else sendProblem(response, problem(500, 'Something went wrong here; the log of the pool says what.'))
    })
  }
  return {
    listener,
    ready(all: Served): void {
      served = all
    },
  }
}

function text(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(body)
}

/** What every answer carries. */
function secure(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('referrer-policy', 'same-origin')
  response.setHeader('x-frame-options', 'DENY')
}

/** Answers of the API run nothing, whatever they hold. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

/**
 * Pages load everything from this pool and talk to it alone. Next puts the nonce on its own inline scripts; kernels need
 * WebAssembly; React writes style attributes.
 */
function pagePolicy(nonce: string, dev: boolean): string {
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

/** Any base will do: only the path is looked at. */
const BASE = 'http://pool'
/** Written with %, a dot, a slash or a backslash may be taken for what it stands for by whoever reads the path next. */
const UNCLEAR = /%(2e|2f|5c)|\/\//i

/**
 * The path of a request's raw target; null unless it is in the one form that everybody reads alike. Others may resolve
 * `/join/../jobs`, or not: what is decided here of a path must hold for the page that answers.
 */
function plainPath(target: string): string | null {
  const [path = ''] = target.split('?', 1)
  if (UNCLEAR.test(path) || !URL.canParse(path, BASE)) return null
  return new URL(path, BASE).pathname === path ? path : null
}

/** A request's headers come in one or two packets, on a bad radio link within seconds. */
const HEADERS_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 1000

/** A file takes as long as its line does, and JSON has a limit of its own; only headers have to come soon. */
export function createPoolServer(parts: { log: Log; dev: boolean }) {
  const { listener, ready } = createListener(parts)
  // Without a limit for whole requests Node sets none for headers either, unless it is told one.
  const server = createServer(
    { requestTimeout: 0, headersTimeout: HEADERS_WITHIN_MS, connectionsCheckingInterval: LOOK_EVERY_MS },
    listener,
  )
  let slow = 0
  const count = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') slow++
  }
  // Node answers 408 and ends the connection with this error, as long as nobody listens on the server for it.
  server.on('connection', (socket) => socket.on('error', count))
  return {
    server,
    ready,
    /** Connections closed because the headers of their next request did not come in time. */
    slowHeaders: () => slow,
  }
}

export function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
