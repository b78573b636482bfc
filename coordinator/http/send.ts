import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'
import type { Problem } from '../../protocol/api.ts'
import type { Download } from '../api/downloads.ts'
import { FileProblem } from '../inputs/port.ts'
import { ApiProblem } from '../problem.ts'

/** Sends one event; `name` only where it is not the stream's usual one. Data is told as JSON. */
type EventSender = (data: unknown, name?: string) => void

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

/** Writes what a route answers. Whoever left before it was ready is answered nothing. */
export async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  if (request.socket.destroyed) return
  const headOnly = request.method === 'HEAD'
  switch (answer.type) {
    case 'nothing':
      response.writeHead(answer.status ?? 204, { 'cache-control': 'no-store', ...answer.headers })
      response.end()
      return
    case 'json':
      whole(response, answer.status ?? 200, { ...JSON_TYPE, ...answer.headers }, JSON.stringify(answer.body), headOnly)
      return
    case 'bytes':
      whole(response, 200, { 'content-type': answer.contentType, ...answer.headers }, answer.bytes, headOnly)
      return
    case 'events':
      sendEvents(request, response, answer.open, headOnly)
      return
    case 'download':
      await sendDownload(request, response, answer.download)
      return
    case 'stream': {
      const { contentType, sizeBytes, body } = answer
      const packed = answer.compress && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      response.writeHead(200, {
        'content-type': contentType,
        'cache-control': 'no-store',
        vary: 'accept-encoding',
        ...(packed ? { 'content-encoding': 'gzip' } : { 'content-length': sizeBytes }),
      })
      if (headOnly) return void response.end()
      const source = Readable.from(body, { objectMode: false })
      await (packed ? pipeline(source, createGzip({ level: FAST }), response) : pipeline(source, response)).catch(gone)
      return
    }
    default:
      throw new Error(`Unknown answer ${answer satisfies never}`)
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** An answer whose length is known. */
function whole(
  response: ServerResponse,
  status: number,
  headers: Headers,
  body: string | Uint8Array,
  headOnly: boolean,
) {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store', ...headers })
  response.end(headOnly ? undefined : body)
}

async function sendDownload(request: IncomingMessage, response: ServerResponse, download: Download): Promise<void> {
  const { contentType, fileName, sizeBytes, body } = download
  const { socket } = request
  const headers = {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'private, max-age=3600',
    ...(sizeBytes === undefined ? {} : { 'content-length': sizeBytes }),
  }
  if (request.method === 'HEAD') {
    response.writeHead(200, headers)
    response.end()
    return
  }
  const chunks = body[Symbol.asyncIterator]()
  // The connection, not the response: one that waits behind another on its connection is never told of the end.
  socket.once('close', download.close)
  try {
    // A result that cannot be encoded at all is still a problem, not half an answer.
    const first = await chunks.next()
    response.writeHead(200, headers)
    const rest = { [Symbol.asyncIterator]: () => chunks }
    const whole = async function* () {
      if (first.done) return
      yield first.value
      yield* rest
    }
    await pipeline(Readable.from(whole(), { objectMode: false }), response)
  } catch (error) {
    // The reader went away: nothing of ours is wrong.
    if (!socket.destroyed) throw error
  } finally {
    socket.off('close', download.close)
    download.close()
  }
}

/** The reader went away: nothing of ours is wrong. */
function gone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}

/** Packing must keep up with a radio link on one core of a small board. */
const FAST = constants.Z_BEST_SPEED

const TITLES: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  401: 'Not allowed',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Wrong state',
  410: 'Gone',
  412: 'Another protocol',
  413: 'Too large',
  415: 'Not readable here',
  422: 'Invalid fields',
  429: 'Too many requests',
  500: 'A fault of this pool',
  501: 'Not spoken here',
  503: 'Not now',
  507: 'No space',
}

/** A refusal that only HTTP knows: the API itself never answers these. */
export class HttpProblem extends Error {
  override name = 'HttpProblem'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail)
    this.status = status
    this.headers = headers
  }
}

interface Told {
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>
}

/** The status, headers and RFC 9457 body of anything thrown; null for what is a bug. */
export function problemOf(error: unknown): Told | null {
  if (error instanceof HttpProblem) return { problem: problem(error.status, error.message), headers: error.headers }
  if (error instanceof FileProblem) return told(error.status, error.message)
  if (error instanceof ApiProblem) {
    const { status, message, errors, extra } = error
    return told(status, message, { ...extra, ...(errors.length > 0 ? { errors } : {}) })
  }
  // The store could not answer: told in its own words.
  const sentence = (error as { sentence?: unknown } | null)?.sentence
  return typeof sentence === 'string' ? told(503, sentence) : null
}

function told(status: number, detail: string, more: object = {}): Told {
  const headers: Record<string, string> = status === 503 ? { 'retry-after': '2' } : {}
  return { problem: { ...more, ...problem(status, detail) }, headers }
}

export function problem(status: number, detail: string): Problem {
  return { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail }
}

export function sendProblem(
  response: ServerResponse,
  body: Problem,
  headers: Readonly<Record<string, string>> = {},
  withBody = true,
): void {
  whole(
    response,
    body.status,
    { 'content-type': 'application/problem+json', ...headers },
    JSON.stringify(body),
    !withBody,
  )
}

/** Proxies and phones drop what is silent for a minute. */
const ALIVE_EVERY_MS = 15_000
/** A reader this far behind is let go; it comes back by itself and begins with what is then. */
const MOST_WAITING_BYTES = 1024 * 1024

/** Server-sent events until the reader, or the server, goes. */
function sendEvents(
  request: IncomingMessage,
  response: ServerResponse,
  open: (send: EventSender) => () => void,
  headOnly: boolean,
): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  if (headOnly) return void response.end()
  const alive = setInterval(() => response.write(': alive\n\n'), ALIVE_EVERY_MS)
  const stop = open((data, name) => {
    if (response.writableLength > MOST_WAITING_BYTES) return void response.destroy()
    response.write(`${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`)
  })
  request.socket.once('close', () => {
    clearInterval(alive)
    stop()
  })
}
