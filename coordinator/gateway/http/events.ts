import type { IncomingMessage, ServerResponse } from 'node:http'

/** Sends one event; `name` only where it is not the stream's usual one. Data is told as JSON. */
export type EventSender = (data: unknown, name?: string) => void

/** Proxies and phones drop what is silent for a minute. */
const ALIVE_EVERY_MS = 15_000
/** A reader this far behind is let go; it comes back by itself and begins with what is then. */
const MOST_WAITING_BYTES = 1024 * 1024

/** Server-sent events until the reader, or the server, goes. */
export function sendEvents(
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
