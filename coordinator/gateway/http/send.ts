import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'
import type { Download } from '../../api/port.ts'
import { sendEvents } from './events.ts'
import type { Answer } from './route.ts'

/** Writes what a route answers. Whoever left before it was ready is answered nothing. */
export async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  if (request.socket.destroyed) return
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
      sendEvents(request, response, answer.open, headOnly)
      return
    case 'download':
      await sendDownload(request, response, answer.download)
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
