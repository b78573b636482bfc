import type { Server } from 'socket.io'
import type { Log } from './log.ts'

/** What a connection may leave unread: more than any page or device is ever sent in one go. */
const MOST_BYTES = 16 * 1024 * 1024
/** Whoever leaves more than this unread cannot keep up. */
export const SLOW_BYTES = 512 * 1024
/** As long as a phone may be without network, and still find its connection. */
const PATIENCE_MS = 30_000
const LOOK_MS = 1000

/** What is used of Engine.IO's connection; of what waits in it, its types say nothing. */
interface Conn {
  readonly id: string
  readonly remoteAddress: string
  readonly writeBuffer: readonly { readonly data?: { readonly length: number } }[]
  readonly transport: { readonly socket?: { readonly bufferedAmount: number; terminate(): void } }
}

/** Bytes on their way to a connection that its network has not taken. */
export function unreadBytes(conn: unknown): number {
  const { writeBuffer, transport } = conn as Conn
  let bytes = transport.socket?.bufferedAmount ?? 0
  for (const { data } of writeBuffer) bytes += data?.length ?? 0
  return bytes
}

/** Cuts off whoever does not read what it is sent: a polite close would wait behind everything unread. */
export function watchUnread({ io, counts, log }: { io: Server; counts: { unread: number }; log: Log }) {
  const stuck = new Map<string, { bytes: number; since: number }>()

  const all = () =>
    Object.values((io.engine as unknown as { clients: Record<string, Conn> } | undefined)?.clients ?? {})

  function hasPatience(conn: Conn, bytes: number): boolean {
    if (bytes > MOST_BYTES) return false
    const before = stuck.get(conn.id)
    if (before && bytes >= before.bytes) return performance.now() - before.since < PATIENCE_MS
    stuck.set(conn.id, { bytes, since: performance.now() })
    return true
  }

  const timer = setInterval(() => {
    for (const conn of all()) {
      const bytes = unreadBytes(conn)
      if (bytes <= SLOW_BYTES) stuck.delete(conn.id)
      else if (!hasPatience(conn, bytes)) {
        counts.unread++
        log.warn({ address: conn.remoteAddress, bytes }, 'a connection that does not read was cut off')
        conn.transport.socket?.terminate()
      }
    }
    const open = new Set(stuck.size > 0 ? all().map(({ id }) => id) : [])
    for (const id of stuck.keys()) if (!open.has(id)) stuck.delete(id)
  }, LOOK_MS)

  return {
    bytes: () => all().reduce((sum, conn) => sum + unreadBytes(conn), 0),
    close: () => clearInterval(timer),
  }
}
