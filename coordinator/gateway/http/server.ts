import { createServer, type RequestListener, type Server } from 'node:http'

/** A request's headers come in one or two packets, on a bad radio link within seconds. */
const HEADERS_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 1000

export interface PoolServer {
  readonly server: Server
  /** Connections closed because the headers of their next request did not come in time. */
  slowHeaders(): number
}

/** A file takes as long as its line does, and JSON has a limit of its own; only headers have to come soon. */
export function createPoolServer(listener: RequestListener): PoolServer {
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
  return { server, slowHeaders: () => slow }
}
