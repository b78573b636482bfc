import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'
import type { Download } from '../api/port.ts'
import { sendEvents } from './events.ts'
import type { Answer } from './route.ts'

/** Writes what a route answers. */
export async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const headOnly = request.method === 'HEAD'
  const headers = { 'cache-control': 'no-store', ...('headers' in answer ? answer.headers : {}) }
  switch (answer.type) {
    case 'nothing':
      response.writeHead(answer.status ?? 204, headers)
      response.end()
      return
    case 'json': {
      const text = JSON.stringify(answer.body)
      const type = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
      response.writeHead(answer.status ?? 200, { ...type, ...headers })
      response.end(headOnly ? undefined : text)
      return
    }
    case 'bytes': {
      const { contentType, bytes } = answer
      response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length, ...headers })
      response.end(headOnly ? undefined : bytes)
      return
    }
    case 'events':
      sendEvents(response, answer.open, headOnly)
      return
    case 'download':
      await sendDownload(response, answer.download, headOnly)
      return
    case 'stream': {
      const { contentType, sizeBytes, body } = answer
      const packed = answer.compress && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      response.writeHead(200, {
        ...{ 'content-type': contentType, 'cache-control': 'no-store', vary: 'accept-encoding' },
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

async function sendDownload(response: ServerResponse, download: Download, headOnly: boolean): Promise<void> {
  const { contentType, fileName, sizeBytes, body } = download
  const headers = {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'private, max-age=3600',
    ...(sizeBytes === undefined ? {} : { 'content-length': sizeBytes }),
  }
  const chunks = body[Symbol.asyncIterator]()
  if (headOnly) {
    response.writeHead(200, headers)
    response.end()
    await chunks.return?.()
    return
  }
  // A result that cannot be encoded at all is still a problem, not half an answer.
  const first = await chunks.next()
  response.writeHead(200, headers)
  const rest = { [Symbol.asyncIterator]: () => chunks }
  const whole = async function* () {
    if (first.done) return
    yield first.value
    yield* rest
  }
  await pipeline(Readable.from(whole(), { objectMode: false }), response).catch(gone)
}

/** The reader went away: nothing of ours is wrong. */
function gone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}

/** Packing must keep up with a radio link on one core of a small board. */
const FAST = constants.Z_BEST_SPEED
